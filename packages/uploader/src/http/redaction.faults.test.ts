import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { everythingShownBy, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { createClientWith, type FilesClient } from '../client.js';
import type { CreateFileOptions } from '../create-file-options.js';
import { ConfigError, UploaderError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import type { FileSource } from '../source/file-source.js';
import { directory, path, useTemporaryFile } from '../temporary-file.harness.js';
import {
  goodFilesApi,
  type RawServer,
  type Script,
  startProxy,
  startRawServer,
  tlsFixture,
} from './raw-server.harness.js';
import { clock, closing, listen, useRawStage } from './raw-stage.harness.js';

const PASSWORD = 'tr0ub4dor&3/more';
const ENCODED_PASSWORD = encodeURIComponent(PASSWORD);
const TOKEN = Buffer.from(`user:${PASSWORD}`).toString('base64');
const SMALL = { bytes: Buffer.from('{"messages":[]}\n'), filename: 'train.jsonl' };
const ONE_TRY = { retries: 0 };
const NO_PREFLIGHT: CreateFileOptions = { preflight: false };
/** Only this may say that something was there. */
const SECRETS = [
  SECRET_KEY,
  encodeURIComponent(SECRET_KEY),
  Buffer.from(SECRET_KEY).toString('base64'),
  SECRET_KEY.slice(0, 12),
  SECRET_KEY.slice(-12),
  SECRET_KEY.slice(9, 30),
  PASSWORD,
  ENCODED_PASSWORD,
  TOKEN,
];

useTemporaryFile(Buffer.alloc(8 * 1024 * 1024, '{"messages":[]}\n'));
useRawStage();

/** Whatever the client says by any way: errors are collected by the test itself. */
interface Stage {
  listen(script: Script | Script[], certificate?: string): Promise<RawServer>;
  client(server: { port: number }, options?: Partial<ClientOptions>, scheme?: string): FilesClient;
  /** Options that put every event and every progress report on record. */
  readonly recording: CreateFileOptions;
  readonly recorded: unknown[];
}

function stage(): Stage {
  const recorded: unknown[] = [];
  const record = (...what: unknown[]) => void recorded.push(...what);
  return {
    recorded,
    recording: { onEvent: record, onProgress: record },
    listen,
    client({ port }, options = {}, scheme = 'http') {
      const baseURL = `${scheme}://127.0.0.1:${port}/v1`;
      const logger = { debug: record, warn: record };
      // Not used here, but known: what a server says of it must not be shown either.
      const proxy = { https: `http://user:${ENCODED_PASSWORD}@127.0.0.1:1`, noProxy: '*' };
      const ways = options.dispatcher === undefined ? { proxy } : {};
      return closing(
        createClientWith({ apiKey: SECRET_KEY, baseURL, retry: ONE_TRY, logger, ...ways, ...options }, clock),
      );
    },
  };
}

/** Says the key wherever an answer has room for it, in every form in which servers do. */
function echoes(key: string) {
  const cut = `${key.slice(0, 12)}...${key.slice(-12)}`;
  const message = `Incorrect API key provided: ${key}. Bearer ${key}, ${cut}, ${encodeURIComponent(key)}, ${Buffer.from(key).toString('base64')}, ${key.slice(9, 30)}, ${PASSWORD}, ${TOKEN}`;
  return {
    headers: {
      'x-request-id': key,
      server: key,
      via: message,
      'www-authenticate': message,
      'x-ratelimit-limit-requests': key,
      'openai-organization': key,
      location: `https://${key}.test/${key}?key=${key}`,
    },
    envelope: JSON.stringify({ error: { message, type: key, param: cut, code: key } }),
    html: `<html><head><title>${message}</title></head><body>${message}</body></html>`,
    file: (more: Record<string, unknown> = {}) =>
      JSON.stringify({ id: key, object: 'file', bytes: 17, filename: key, purpose: key, status: key, ...more }),
  };
}
const ECHO = echoes(SECRET_KEY);

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): Script =>
  async (connection) => {
    for (;;) {
      await connection.wholeRequest();
      connection.answer(status, body, { ...ECHO.headers, ...headers });
    }
  };
const early =
  (status: number, body: string): Script =>
  async (connection) => {
    await connection.request(1);
    connection.answer(status, body, ECHO.headers);
  };
const writing =
  (text: string | Buffer, end: 'fin' | 'reset' | 'open' = 'open'): Script =>
  async (connection) => {
    await connection.wholeRequest();
    connection.socket.write(text);
    if (end !== 'open') connection[end]();
  };
const cut =
  (bytes: number, end: 'fin' | 'reset'): Script =>
  async (connection) => {
    await connection.request(bytes);
    connection[end]();
  };
const silent: Script = async (connection) => void (await connection.wholeRequest());

type Provoke = (on: Stage) => Promise<unknown>;
const upload =
  (script: Script | Script[], file: () => FileSource = () => SMALL, options: CreateFileOptions = {}): Provoke =>
  async (on) =>
    on.client(await on.listen(script)).createFile(file(), 'batch', { ...NO_PREFLIGHT, ...on.recording, ...options });
const largeUpload = (script: Script | Script[]) => upload(script, () => path);
const list =
  (script: Script | Script[], options: Partial<ClientOptions> = {}): Provoke =>
  async (on) =>
    on.client(await on.listen(script), options).listFiles();
const timed =
  (ms: number, provoke: Provoke): Provoke =>
  async (on) => {
    const running = provoke(on);
    running.catch(() => {});
    await clock.runOut(ms);
    return running;
  };
const tls =
  (certificate: string, ca?: string): Provoke =>
  async (on) =>
    on.client(await on.listen(goodFilesApi, certificate), ca === undefined ? {} : { ca }, 'https').listFiles();
const proxied =
  (script: Script, certificate?: string): Provoke =>
  async (on) => {
    const { port } = await on.listen(script, certificate);
    const proxy = `http${certificate === undefined ? '' : 's'}://user:${ENCODED_PASSWORD}@127.0.0.1:${port}`;
    return on.client({ port: 1 }, { baseURL: 'https://files.test/v1', proxy }).listFiles();
  };
const refusedOptions =
  (options: Partial<ClientOptions>): Provoke =>
  async (on) =>
    on.client({ port: 1 }, options).listFiles();

const list401 = answering(401, ECHO.envelope);

/** One for every class of error, and for every fault of the list that ends in an error and can be had here. */
const FAULTS: ReadonlyArray<readonly [name: string, code: string, provoke: Provoke]> = [
  [
    '1 refused',
    'E_CONNECT',
    async (on) => {
      const server = await listen(silent);
      await server.close();
      return on.client(server).listFiles();
    },
  ],
  ['2 DNS', 'E_DNS', refusedOptions({ baseURL: 'https://files.invalid/v1' })],
  ['3 self-signed', 'E_TLS', tls('self-signed.pem')],
  ['3 expired', 'E_TLS', tls('expired.pem', tlsFixture('ca.pem'))],
  ['3 wrong host', 'E_TLS', tls('elsewhere.pem', tlsFixture('ca.pem'))],
  [
    '3 http on https',
    'E_TLS',
    async (on) => {
      const server = await on.listen(({ socket }) => {
        socket.once('data', () => void socket.write('HTTP/1.1 400 Bad\r\n\r\n'));
      });
      return on.client(server, {}, 'https').listFiles();
    },
  ],
  [
    '4 black hole',
    'E_TIMEOUT_CONNECT',
    timed(10_000, async (on) => on.client(await on.listen(() => {}), {}, 'https').listFiles()),
  ],
  ['5 proxy drops CONNECT', 'E_PROXY', proxied(cut(0, 'fin'))],
  ['5 proxy resets CONNECT', 'E_PROXY', proxied(cut(0, 'reset'))],
  ['6 proxy hangs', 'E_TIMEOUT_CONNECT', timed(10_000, proxied(silent))],
  ['7 proxy 407', 'E_PROXY', proxied(answering(407, ECHO.envelope))],
  ['7 proxy 403', 'E_PROXY', proxied(answering(403, ECHO.html))],
  ['7 proxy 502', 'E_PROXY', proxied(answering(502, ECHO.html))],
  ['7 proxy with a certificate that nobody trusts', 'E_TLS', proxied(silent, 'self-signed.pem')],
  ['7 proxy that speaks no HTTP', 'E_PROXY', proxied(writing(`SSH-2.0 ${SECRET_KEY} ${TOKEN}\r\n\r\n`))],
  ['9 reset after the head', 'E_RESET', largeUpload(cut(0, 'reset'))],
  ['10 reset mid-body', 'E_RESET', largeUpload(cut(100_000, 'reset'))],
  ['11 FIN mid-body', 'E_RESET', largeUpload(cut(100_000, 'fin'))],
  ['12 early 413', 'E_HTTP', largeUpload(early(413, ECHO.envelope))],
  ['12 early 401', 'E_HTTP', largeUpload(early(401, ECHO.envelope))],
  ['14 early 200', 'E_INTEGRITY', largeUpload(early(200, ECHO.file()))],
  ['15 closed after the body', 'E_AMBIGUOUS', upload(writing('', 'fin'))],
  ['16 no response', 'E_AMBIGUOUS', timed(600_000, upload(silent))],
  [
    '17 truncated JSON',
    'E_AMBIGUOUS',
    upload(writing(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${ECHO.file().slice(0, -5)}`, 'fin')),
  ],
  ['18 HTML', 'E_AMBIGUOUS', upload(answering(200, ECHO.html))],
  ['18 a list', 'E_AMBIGUOUS', upload(answering(200, `[${ECHO.file()}]`))],
  ['18 another object', 'E_AMBIGUOUS', upload(answering(200, ECHO.file({ object: SECRET_KEY })))],
  ['18 no id', 'E_AMBIGUOUS', upload(answering(200, ECHO.file({ id: null })))],
  ['19 other bytes', 'E_INTEGRITY', upload(answering(200, ECHO.file({ bytes: 1 })))],
  ...[400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 425, 429].flatMap((status) => [
    [`23-32 ${status} for an upload`, 'E_HTTP', upload(answering(status, ECHO.envelope))] as const,
    [`23-32 ${status} for a listing`, 'E_HTTP', list(answering(status, ECHO.envelope))] as const,
    [
      `23-32 ${status} as a page`,
      'E_HTTP',
      list(answering(status, ECHO.html, { 'content-type': 'text/html' })),
    ] as const,
    [
      `23-32 ${status} as text`,
      'E_HTTP',
      list(answering(status, ECHO.headers.via, { 'content-type': 'text/plain' })),
    ] as const,
  ]),
  ['32 a wait that is too long', 'E_HTTP', list(answering(429, ECHO.envelope, { 'retry-after': '999999' }))],
  [
    '33 quota',
    'E_QUOTA',
    list(answering(429, JSON.stringify({ error: { message: SECRET_KEY, code: 'insufficient_quota' } }))),
  ],
  ['34 500 after retries', 'E_HTTP', list(answering(500, ECHO.envelope), { retry: { retries: 2 } })],
  ['35 500 after the body', 'E_AMBIGUOUS', upload(answering(500, ECHO.envelope))],
  [
    '37 slow-loris',
    'E_TIMEOUT_BODY',
    timed(
      5000,
      list(writing(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${ECHO.file()}`), { timeout: { body: 5000 } }),
    ),
  ],
  [
    '38 a long error',
    'E_HTTP',
    list(writing(`HTTP/1.1 400 x\r\ncontent-length: 99999999\r\n\r\n${SECRET_KEY.repeat(5000)}`)),
  ],
  [
    '39 gzip',
    'E_PROTOCOL',
    list(
      writing(
        Buffer.concat([Buffer.from(`HTTP/1.1 200 x\r\ncontent-encoding: ${SECRET_KEY}\r\n\r\n`), gzipSync(SECRET_KEY)]),
        'fin',
      ),
    ),
  ],
  ['40 an HTML page', 'E_HTTP', list(answering(502, ECHO.html, { 'content-type': 'text/html' }))],
  ['41 a redirect', 'E_REDIRECT', upload(answering(307, ECHO.envelope))],
  [
    '43 a redirect of a download',
    'E_REDIRECT',
    async (on) =>
      on
        .client(await on.listen(answering(302, '', { location: `http://x.test/${SECRET_KEY}` })))
        .downloadFile('file-1'),
  ],
  [
    '44 stall',
    'E_TIMEOUT_STALL',
    timed(
      60_000,
      largeUpload(async (connection) => {
        await connection.request(1);
        connection.stopReading();
      }),
    ),
  ],
  [
    '45 unsolicited 100',
    'E_RESET',
    largeUpload(async (connection) => {
      await connection.request();
      connection.write('HTTP/1.1 100 Continue\r\n\r\n');
    }),
  ],
  ['45 no HTTP', 'E_RESET', list(writing(`${SECRET_KEY}\r\n\r\n`))],
  ['45 a header that is none', 'E_RESET', list(writing(`HTTP/1.1 200 OK\r\n${SECRET_KEY}\r\n\r\n`))],
  ['46 no file', 'E_FILE_READ', upload(silent, () => join(directory, 'none'))],
  [
    '49 changed',
    'E_FILE_CHANGED',
    upload(silent, () => path, { expect: { size: 8 * 1024 * 1024, sha256: 'a'.repeat(64) } }),
  ],
  ['53 a directory', 'E_FILE_KIND', upload(silent, () => directory)],
  ['53 empty', 'E_FILE_EMPTY', upload(silent, () => ({ bytes: new Uint8Array(), filename: 'a' }))],
  ['53 too large', 'E_FILE_TOO_LARGE', upload(silent, () => path, { maxBytes: 10 })],
  [
    '56 aborted',
    'E_ABORTED',
    async (on) => {
      const signal = AbortSignal.abort();
      return on.client(await on.listen(silent)).listFiles({}, { signal });
    },
  ],
  [
    '57 aborted with an id',
    'E_ABORTED',
    async (on) => {
      const controller = new AbortController();
      const half = writing(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${ECHO.file().slice(0, -5)}`);
      const running = upload(half, () => SMALL, { signal: controller.signal })(on);
      running.catch(() => {});
      await clock.started(60_000);
      await new Promise((later) => setTimeout(later, 20));
      controller.abort();
      await clock.runOut(40);
      return running;
    },
  ],
  ['16 no response to a listing', 'E_TIMEOUT_RESPONSE', timed(60_000, list(silent))],
  [
    '68 a target that is there',
    'E_FILE_EXISTS',
    async (on) => on.client(await on.listen(answering(200, 'x'))).downloadFile('file-1', { to: path }),
  ],
  ['deadline', 'E_TIMEOUT_DEADLINE', timed(1000, list(silent, { timeout: { deadline: 1000 } }))],
  [
    '60 reconciled in vain',
    'E_AMBIGUOUS',
    async (on) => {
      const lists = answering(200, `{"data":[${ECHO.file()}],"has_more":false}`);
      const server = await on.listen([lists, answering(502, ECHO.envelope), list401]);
      return on.client(server).createFile(SMALL, 'batch', on.recording);
    },
  ],
  ['66 a key with a line break', 'E_CONFIG', refusedOptions({ apiKey: `${SECRET_KEY}\n` })],
  ['66 a key in the base URL', 'E_CONFIG', refusedOptions({ baseURL: `https://${SECRET_KEY}@files.test/v1` })],
  [
    '66 a password in a bad proxy',
    'E_CONFIG',
    refusedOptions({ proxy: `socks5://user:${ENCODED_PASSWORD}@files.test` }),
  ],
  ['66 a proxy that is no address', 'E_CONFIG', refusedOptions({ proxy: `http://user:${PASSWORD}@@:x` })],
  ['67 a key as an id', 'E_CONFIG', async (on) => on.client(await on.listen(silent)).retrieveFile(`${SECRET_KEY}/..`)],
  [
    '69 a download cut short',
    'E_RESET',
    async (on) =>
      on
        .client(await on.listen(writing(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${SECRET_KEY}`, 'fin')))
        .downloadFile('file-1'),
  ],
  [
    '70 no place for a download',
    'E_FILE_WRITE',
    async (on) =>
      on.client(await on.listen(answering(200, 'x'))).downloadFile('file-1', { to: join(directory, 'none', 'x') }),
  ],
  [
    '72 a deletion of another file',
    'E_PROTOCOL',
    async (on) => on.client(await on.listen(answering(200, ECHO.file()))).deleteFile('file-1'),
  ],
  ['73 a listing that is none', 'E_PROTOCOL', list(answering(200, ECHO.file()))],
  [
    '22 a file that could not be processed',
    'E_PROCESSING',
    async (on) => on.client(await on.listen(answering(200, fileIn('error')))).waitForProcessing('file-1'),
  ],
  [
    '75 a file that is never processed',
    'E_TIMEOUT_PROCESSING',
    async (on) =>
      on.client(await on.listen(answering(200, fileIn('pending')))).waitForProcessing('file-1', { maxWait: 1 }),
  ],
  [
    '77 a server that takes no parts',
    'E_HTTP',
    async (on) => on.client(await on.listen(answering(404, ECHO.envelope))).uploadInParts(SMALL, 'batch'),
  ],
  [
    '77 an upload that has no id',
    'E_PROTOCOL',
    async (on) =>
      on.client(await on.listen(answering(200, `{"key":"${SECRET_KEY}"}`))).uploadInParts(SMALL, 'batch', {
        preflight: false,
      }),
  ],
  ['76 a dispatcher of another undici', 'E_CONFIG', refusedOptions({ dispatcher: otherUndici() })],
];

/** A file in this state, with the key wherever there is room for it. */
function fileIn(status: string): string {
  const status_details = `failed with ${SECRET_KEY}`;
  return JSON.stringify({ id: 'file-1', object: 'file', bytes: 1, status, status_details, filename: SECRET_KEY });
}

/** undici 8 as undici 7 sees it: it knows only the new names of a handler's methods. */
function otherUndici(): Agent {
  const agent = new Agent();
  agent.dispatch = () => {
    throw Object.assign(new Error(`invalid onRequestStart method ${SECRET_KEY}`), { code: 'UND_ERR_INVALID_ARG' });
  };
  return agent;
}

function expectNoSecretIn(shown: string): void {
  expect(SECRETS.filter((secret) => shown.includes(secret))).toEqual([]);
}

describe('G7, fault 74: key and proxy password absent from message, stack, cause, inspect, JSON, log and events', () => {
  it.each(FAULTS)('fault %s: %s', async (_name, code, provoke) => {
    const on = stage();
    const error = await provoke(on).then(
      (value) => expect.unreachable(`resolved with ${inspect(value)}`),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UploaderError);
    expect(error).toMatchObject({ code });
    expectNoSecretIn(everythingShownBy(error));
    expectNoSecretIn(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }));
    for (const recorded of on.recorded) {
      expectNoSecretIn(inspect(recorded, { depth: Number.POSITIVE_INFINITY }));
      expectNoSecretIn(everythingShownBy(recorded));
    }
  });

  it('every code of an error is among them', () => {
    const source = readFileSync(new URL('../errors.ts', import.meta.url), 'utf8');
    const declared = /type UploaderErrorCode =([^;]*);/.exec(source)?.[1]?.match(/E_\w+/g) ?? [];
    expect(declared.length).toBeGreaterThan(20);
    const provoked = new Set(FAULTS.map(([, code]) => code));
    expect(declared.filter((code) => !provoked.has(code))).toEqual([]);
  });

  it('not by a client, with a proxy that has a password', async () => {
    const server = await startRawServer([goodFilesApi], 'server.pem');
    const proxy = closing(await startProxy(server.port));
    const address = `http://user:${ENCODED_PASSWORD}@127.0.0.1:${proxy.port}`;
    const on = stage();
    const files = on.client(server, { proxy: address, ca: tlsFixture('ca.pem'), baseURL: 'https://files.test/v1' });
    const info = await files.listFilesWithHttpInfo();
    expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${TOKEN}`);
    for (const shown of [files, info, on.recorded]) {
      expectNoSecretIn(inspect(shown, { depth: 12, showHidden: true }));
      expectNoSecretIn(JSON.stringify(shown));
    }
  });

  it('nothing is logged unless that is asked for, and then only fields of a list', async () => {
    const on = stage();
    await on.client(await on.listen(goodFilesApi)).createFile(SMALL, 'batch', {
      onProgress() {
        throw new Error(`mine ${SECRET_KEY}`);
      },
    });
    const fields = on.recorded.filter((it) => typeof it === 'object').flatMap((it) => Object.keys(it as object));
    const allowed = ['attempt', 'durationMs', 'bytesSent', 'handedOver', 'status', 'code', 'delayMs', 'reason'];
    expect(fields.filter((it) => !allowed.includes(it))).toEqual([]);
    expect(fields).toContain('reason');
    expectNoSecretIn(inspect(on.recorded));
  });
});

describe('fault 66: CR/LF/non-latin1 in key, org, project: ConfigError at construction, value not echoed', () => {
  it.each(['\r\nx-evil: 1', '\n', '\u2028', 'ł', '\u0000', ' '])('%j', (what) => {
    for (const name of ['apiKey', 'organization', 'project'] as const) {
      const make = () => createClientWith({ apiKey: 'k', [name]: `${SECRET_KEY}${what}` }, clock);
      expect(make).toThrow(ConfigError);
      try {
        make();
      } catch (error) {
        expectNoSecretIn(everythingShownBy(error));
        expect((error as Error).message).toContain(name);
      }
    }
  });
});

describe('fault 76: two copies of undici, v8 dispatcher, global FormData: clear ConfigError', () => {
  it('what is no dispatcher is refused at once', () => {
    for (const dispatcher of [{}, { dispatch: 1 }, 'proxy', null]) {
      expect(() => createClientWith({ apiKey: 'k', dispatcher: dispatcher as never }, clock)).toThrow(ConfigError);
    }
  });

  it('a dispatcher that speaks another protocol is named as the reason, and nothing is tried again', async () => {
    const files = createClientWith({ apiKey: 'k', dispatcher: otherUndici() }, clock);
    await expect(files.listFiles()).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringContaining('another major version of undici'),
      hint: expect.stringContaining('undici 7'),
    });
    expect(clock.waits).toEqual([]);
  });

  it("Node's own dispatcher, of whatever version, either works or is refused clearly", async () => {
    const server = await listen(goodFilesApi);
    // Node makes its dispatcher with the first fetch; one that undici 7 put there first is what we meet otherwise.
    await fetch('data:,x');
    const dispatcher = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1')) as Agent;
    const files = createClientWith({ apiKey: 'k', baseURL: `http://127.0.0.1:${server.port}`, dispatcher }, clock);
    const outcome = await files.listFiles().then(
      (value) => value.object,
      (error: UploaderError) => error.code,
    );
    expect(['list', 'E_CONFIG']).toContain(outcome);
  });

  it('FormData, Blob and File are no files here: they would go out as their names', async () => {
    const files = createClientWith({ apiKey: 'k' }, clock);
    for (const body of [new FormData(), new Blob(['x'])]) {
      await expect(files.createFile(body as never, 'batch')).rejects.toBeInstanceOf(ConfigError);
    }
  });

  it('importing the package leaves fetch alone', async () => {
    const server = await listen(goodFilesApi);
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/files`);
    expect(await response.json()).toMatchObject({ object: 'list' });
  });
});
