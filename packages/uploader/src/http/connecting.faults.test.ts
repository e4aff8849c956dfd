import { execFile } from 'node:child_process';
import type { LookupFunction } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { everythingShownBy, failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { createClientWith } from '../client.js';
import { ConnectionError, ProxyError, TimeoutError, TlsError } from '../connection-errors.js';
import type { CreateFileOptions } from '../create-file-options.js';
import { ConfigError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import {
  goodFilesApi,
  type RawServer,
  type Script,
  startProxy,
  startRawServer,
  tlsFixture,
} from './raw-server.harness.js';
import { clock, closing, listen, useRawStage } from './raw-stage.harness.js';

const PASSWORD = 'tr0ub4dor-and-3-more';
const FILE = { bytes: Buffer.from('{"messages":[]}\n'), filename: 'train.jsonl' };
/** What a call does besides uploading, so that connecting can be told from looking. */
const NO_PREFLIGHT: CreateFileOptions = { preflight: false };

useRawStage();

function client(baseURL: string, options: Partial<ClientOptions> = {}) {
  return closing(createClientWith({ apiKey: SECRET_KEY, baseURL, ...options }, clock));
}

/** Accepts, and says nothing. */
const hang: Script = () => {};
const answer =
  (head: string): Script =>
  async (connection) => {
    await connection.request();
    connection.write(head);
  };

describe('fault 1: connection refused: ConnectionError with its code and attempts, retried with jitter, never ambiguous', () => {
  it('in an upload and in a listing', async () => {
    const server = await startRawServer([hang]);
    await server.close();
    const files = client(`http://127.0.0.1:${server.port}/v1`);
    const error = await failureOf(files.createFile(FILE, 'batch', NO_PREFLIGHT), ConnectionError);
    expect(error).toMatchObject({ code: 'E_CONNECT', causeCode: 'ECONNREFUSED', bytesSent: 0 });
    expect(error.attempts.map(({ handedOver }) => handedOver)).toEqual([false, false, false, false]);
    expect(clock.waits).toEqual([250, 500, 1000]);
    await failureOf(files.listFiles(), ConnectionError);
    expect(clock.pending()).toEqual([]);
  });
});

describe('fault 2: DNS ENOTFOUND / EAI_AGAIN: retries EAI_AGAIN fully, ENOTFOUND once; the message names the host', () => {
  it.each([
    ['ENOTFOUND', 2],
    ['EAI_AGAIN', 4],
  ])('%s', async (code, tries) => {
    const lookup: LookupFunction = (hostname, _options, callback) =>
      callback(Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code }), '');
    const dispatcher = closing(new Agent({ connect: { lookup } }));
    const files = client('https://files.invalid/v1', { dispatcher });
    const error = await failureOf(files.createFile(FILE, 'batch', NO_PREFLIGHT), ConnectionError);
    expect(error).toMatchObject({ code: 'E_DNS', causeCode: code });
    expect(error.message).toContain('files.invalid');
    expect(error.hint).toContain('base URL');
    expect(error.attempts).toHaveLength(tries);
  });

  it('a name that cannot exist, asked of the real name server', async () => {
    const error = await failureOf(client('https://files.invalid/v1').listFiles(), ConnectionError);
    expect(error).toMatchObject({ code: 'E_DNS' });
  });
});

describe('fault 3: self-signed / expired / wrong host / http-on-https: no retry, TlsError with advice', () => {
  const CA = tlsFixture('ca.pem');

  it.each([
    ['self-signed', 'self-signed.pem', undefined, /DEPTH_ZERO_SELF_SIGNED_CERT/, /NODE_EXTRA_CA_CERTS/],
    ['of an unknown authority', 'server.pem', undefined, /UNABLE_TO_VERIFY_LEAF_SIGNATURE/, /\bca\b/],
    ['expired', 'expired.pem', CA, /CERT_HAS_EXPIRED/, /clock|renew/],
    ['for another host', 'elsewhere.pem', CA, /ERR_TLS_CERT_ALTNAME_INVALID/, /base URL/],
  ])('%s', async (_name, certificate, ca, message, hint) => {
    const server = await listen(goodFilesApi, certificate);
    const files = client(`https://127.0.0.1:${server.port}/v1`, ca === undefined ? {} : { ca });
    const error = await failureOf(files.createFile(FILE, 'batch'), TlsError);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error).toMatchObject({ code: 'E_TLS', retryable: false });
    expect(clock.waits).toEqual([]);
    expect(server.connections()).toBe(1);
    await failureOf(files.createFile(FILE, 'batch', NO_PREFLIGHT), TlsError);
    expect(server.connections()).toBe(2);
  });

  it('https:// to a port that speaks http', async () => {
    const server = await listen(({ socket, write }) => {
      socket.once('data', () => write('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'));
    });
    const files = client(`https://127.0.0.1:${server.port}/v1`);
    const error = await failureOf(files.createFile(FILE, 'batch'), TlsError);
    expect(error.hint).toMatch(/is this an http:\/\/ port\?/);
    expect(clock.waits).toEqual([]);
  });

  it('http:// to a port that speaks https: says so, and is no doubt', async () => {
    const server = await listen(goodFilesApi, 'server.pem');
    const files = client(`http://127.0.0.1:${server.port}/v1`, { retry: { retries: 0 } });
    const error = await failureOf(files.createFile(FILE, 'batch'), ConnectionError);
    expect(error.code).toBe('E_RESET');
  });
});

describe('certificates to trust', () => {
  it('ca is added to what Node trusts', async () => {
    const server = await listen(goodFilesApi, 'server.pem');
    for (const ca of [tlsFixture('ca.pem'), Buffer.from(tlsFixture('ca.pem')), [tlsFixture('ca.pem')]]) {
      const files = client(`https://127.0.0.1:${server.port}/v1`, { ca });
      expect((await files.createFile(FILE, 'batch')).id).toBe('file-1');
    }
  });

  it('ca that is no certificate is refused at once', () => {
    for (const ca of ['/etc/ssl/company.pem', [], '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n']) {
      expect(() => client('https://127.0.0.1/v1', { ca })).toThrow(ConfigError);
    }
  });

  it('NODE_EXTRA_CA_CERTS works as it is', async () => {
    const server = await listen(goodFilesApi, 'server.pem');
    const ask = `
      const { createFilesClient } = await import(${JSON.stringify(new URL('../client.ts', import.meta.url).href)});
      const files = createFilesClient({ apiKey: 'k', baseURL: process.argv[1] });
      process.stdout.write(JSON.stringify(await files.listFiles()));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', ask, `https://127.0.0.1:${server.port}/v1`],
      { env: { NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('../../../../test-fixtures/tls/ca.pem', import.meta.url)) } },
    );
    expect(stdout).toContain('"object":"list"');
  });
});

describe('G11, fault 4: connect black hole: connect timeout 10 s, even through a proxy', () => {
  it.each([
    ['directly', false],
    ['through a proxy', true],
  ])('%s', async (_name, isProxied) => {
    const mute = await listen(hang);
    const files = isProxied
      ? client('https://files.test/v1', { proxy: `http://127.0.0.1:${mute.port}` })
      : client(`https://127.0.0.1:${mute.port}/v1`);
    const uploading = failureOf(files.createFile(FILE, 'batch', NO_PREFLIGHT), TimeoutError);
    for (let attempt = 1; attempt <= 4; attempt++) {
      await clock.started(10_000);
      await expect.poll(() => mute.connections()).toBe(attempt);
      clock.advance(9999);
      expect(clock.pending()).toEqual([10_000]);
      clock.advance(1);
    }
    const error = await uploading;
    expect(error).toMatchObject({ code: 'E_TIMEOUT_CONNECT', timeoutMs: 10_000 });
    expect(error.attempts.map(({ handedOver }) => handedOver)).toEqual([false, false, false, false]);
    await expect.poll(() => mute.open()).toBe(0);
    expect(clock.pending()).toEqual([]);
  });

  it('also for a call without a body', async () => {
    const mute = await listen(hang);
    const listing = failureOf(
      client(`https://127.0.0.1:${mute.port}/v1`, { retry: { retries: 0 } }).listFiles(),
      TimeoutError,
    );
    await clock.runOut(10_000);
    expect((await listing).code).toBe('E_TIMEOUT_CONNECT');
    await expect.poll(() => mute.open()).toBe(0);
  });
});

describe.each([
  ['a proxy that speaks http', 'http', undefined],
  ['a proxy that speaks https', 'https', 'server.pem'],
] as const)('%s', (_name, scheme, certificate) => {
  const proxied = (server: RawServer, options: Partial<ClientOptions> = {}) =>
    client('https://files.test/v1', {
      proxy: `${scheme}://user:${PASSWORD}@127.0.0.1:${server.port}`,
      ca: tlsFixture('ca.pem'),
      ...options,
    });

  it('fault 5: proxy drops CONNECT: at most one connection an attempt, and an end within the connect timeout', async () => {
    const server = await listen(async (connection) => {
      await connection.request();
      connection.fin();
    }, certificate);
    const error = await failureOf(proxied(server).createFile(FILE, 'batch', NO_PREFLIGHT), ProxyError);
    expect(error).toMatchObject({ code: 'E_PROXY', status: undefined, retryable: true });
    expect(error.attempts).toHaveLength(4);
    expect(server.connections()).toBe(4);
    await expect.poll(() => server.open()).toBe(0);
    expect(clock.pending()).toEqual([]);
  });

  it('fault 6: proxy hangs on CONNECT: at most one connection an attempt, and an end within the connect timeout', async () => {
    const server = await listen(async (connection) => void (await connection.request()), certificate);
    const files = proxied(server, { retry: { retries: 1 } });
    const uploading = failureOf(files.createFile(FILE, 'batch', NO_PREFLIGHT), TimeoutError);
    for (let attempt = 1; attempt <= 2; attempt++) {
      await expect.poll(() => server.connections()).toBe(attempt);
      await clock.runOut(10_000);
    }
    expect((await uploading).code).toBe('E_TIMEOUT_CONNECT');
    expect(server.connections()).toBe(2);
    await expect.poll(() => server.open()).toBe(0);
  });

  it.each([
    [407, 1],
    [403, 1],
    [502, 4],
  ])('fault 7: proxy %d on CONNECT: ProxyError with the status, no credentials in text', async (status, tries) => {
    const refusal = `HTTP/1.1 ${status} no\r\nproxy-authenticate: Basic realm="${PASSWORD}"\r\ncontent-length: 3\r\n\r\nno\n`;
    const server = await listen(answer(refusal), certificate);
    const error = await failureOf(proxied(server).createFile(FILE, 'batch', NO_PREFLIGHT), ProxyError);
    expect(error).toMatchObject({ status, code: 'E_PROXY' });
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
    expect(everythingShownBy(error)).not.toContain(PASSWORD);
    expect(everythingShownBy(error)).not.toContain(Buffer.from(`user:${PASSWORD}`).toString('base64'));
    expect(server.connections()).toBe(tries);
    await expect.poll(() => server.open()).toBe(0);
  });

  it('carries an upload and a listing, each with the name and the certificate of the server at its end', async () => {
    const server = await listen(goodFilesApi, 'server.pem');
    const proxy = closing(await startProxy(server.port, certificate));
    const files = proxied(proxy);
    expect((await files.createFile(FILE, 'batch')).id).toBe('file-1');
    expect(proxy.asked.map(({ target }) => target)).toEqual(['files.test:443', 'files.test:443']);
    const token = Buffer.from(`user:${PASSWORD}`).toString('base64');
    expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${token}`);
    // The proxy sees neither the key nor anything else of the request.
    expect(JSON.stringify(proxy.asked)).not.toContain(SECRET_KEY);
  });
});

describe('a proxy', () => {
  it('fault 8: NO_PROXY for 127.0.0.1 / host:port / .suffix: bypass', async () => {
    const server = await listen(goodFilesApi, 'server.pem');
    const proxy = closing(await startProxy(server.port));
    const url = `https://127.0.0.1:${server.port}/v1`;
    const address = `http://127.0.0.1:${proxy.port}`;
    for (const noProxy of ['127.0.0.1', `x.test, 127.0.0.1:${server.port}`, '127.0.0.0/8', '*']) {
      const files = client(url, { proxy: { https: address, noProxy }, ca: tlsFixture('ca.pem') });
      await files.listFiles();
      expect(proxy.asked).toEqual([]);
    }
    const files = client(url, { proxy: { https: address, noProxy: '.test' }, ca: tlsFixture('ca.pem') });
    await files.listFiles();
    expect(proxy.asked).toMatchObject([{ target: `127.0.0.1:${server.port}` }]);
  });

  it('tunnels http://, too', async () => {
    const server = await listen(goodFilesApi);
    const proxy = closing(await startProxy(server.port));
    const files = client('http://files.test/v1', { proxy: `127.0.0.1:${proxy.port}`, allowInsecureHttp: true });
    await files.listFiles();
    expect(proxy.asked).toMatchObject([{ target: 'files.test:80' }]);
  });

  it('that cannot be reached is named as such', async () => {
    const gone = await startRawServer([hang]);
    await gone.close();
    const options = { proxy: `http://127.0.0.1:${gone.port}`, retry: { retries: 0 } };
    const error = await failureOf(client('https://files.test/v1', options).listFiles(), ConnectionError);
    expect(error.message).toContain(`the proxy 127.0.0.1:${gone.port} cannot be reached`);
  });

  it('whose certificate nobody trusts is a TlsError that names it', async () => {
    const proxy = await listen(hang, 'self-signed.pem');
    const files = client('https://files.test/v1', { proxy: `https://127.0.0.1:${proxy.port}` });
    const error = await failureOf(files.listFiles(), TlsError);
    expect(error.message).toContain(`the proxy 127.0.0.1:${proxy.port}`);
    expect(clock.waits).toEqual([]);
  });

  it('before a server whose certificate nobody trusts does not hide that', async () => {
    const server = await listen(goodFilesApi, 'elsewhere.pem');
    const proxy = closing(await startProxy(server.port));
    const files = client('https://files.test/v1', { proxy: `127.0.0.1:${proxy.port}`, ca: tlsFixture('ca.pem') });
    const error = await failureOf(files.createFile(FILE, 'batch'), TlsError);
    expect(error.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(proxy.connections()).toBe(1);
  });

  it('and a dispatcher exclude each other', () => {
    const dispatcher = closing(new Agent());
    expect(() => client('https://a.test', { dispatcher, proxy: 'http://b.test' })).toThrow(ConfigError);
    expect(() => client('https://a.test', { dispatcher, ca: tlsFixture('ca.pem') })).toThrow(ConfigError);
    client('https://a.test', { dispatcher, proxy: false });
  });
});

describe('connections', () => {
  it('are kept for what only reads, and made anew for every upload and deletion', async () => {
    const server = await listen(goodFilesApi);
    const files = client(`http://127.0.0.1:${server.port}/v1`);
    await files.listFiles();
    await files.listFiles();
    await files.listFiles();
    expect(server.connections()).toBe(1);
    await files.createFile(FILE, 'batch');
    await files.createFile(FILE, 'batch');
    expect(server.connections()).toBe(3);
    await expect.poll(() => server.open()).toBe(1);
  });

  it('that are kept end with the client, and none is kept afterwards', async () => {
    const server = await listen(goodFilesApi);
    const files = client(`http://127.0.0.1:${server.port}/v1`);
    await Promise.all([files.listFiles(), files.listFiles()]);
    expect(server.open()).toBe(2);
    await files.close();
    await expect.poll(() => server.open()).toBe(0);
  });

  it('that the server closed meanwhile are replaced, without a retry', async () => {
    const server = await listen([
      async (connection) => {
        await connection.request();
        connection.answer(200, '{"object":"list","data":[]}');
        // The next request meets the end of the connection: what happens when a server's idle time is over.
        await connection.wholeRequest();
        await connection.request();
        connection.fin();
      },
      goodFilesApi,
    ]);
    const files = client(`http://127.0.0.1:${server.port}/v1`, { retry: { retries: 0 } });
    await files.listFiles();
    const { attempts } = await files.listFilesWithHttpInfo();
    expect(attempts).toHaveLength(1);
    expect(server.connections()).toBe(2);
  });
});
