import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { RedirectError, ServerError } from '../api-errors.js';
import { createClientWith, type FilesClient } from '../client.js';
import { TimeoutError } from '../connection-errors.js';
import { AmbiguousUploadError, ProtocolError } from '../errors.js';
import type { ClientOptions } from '../options.js';
import { goodFilesApi, type RawConnection, type RawServer, type Script, tlsFixture } from './raw-server.harness.js';
import { clock, closing, listen, useRawStage } from './raw-stage.harness.js';

const FILE = { bytes: Buffer.from('{"messages":[]}\n'), filename: 'train.jsonl' };
const ONE_TRY = { retries: 0 };

useRawStage();

function client(server: RawServer, options: Partial<ClientOptions> = {}, scheme = 'http'): FilesClient {
  const baseURL = `${scheme}://127.0.0.1:${server.port}/v1`;
  const ca = scheme === 'https' ? { ca: tlsFixture('ca.pem') } : {};
  const identity = { apiKey: SECRET_KEY, organization: 'org-1', project: 'proj-1' };
  return closing(createClientWith({ ...identity, baseURL, ...ca, ...options }, clock));
}

/** Every operation of the API, each one try. */
/** Without asking first how many bytes there are to be. */
const AS_IT_COMES = { expect: { bytes: null } };

const OPERATIONS: ReadonlyArray<readonly [string, (files: FilesClient) => Promise<unknown>]> = [
  ['listFiles', (files) => files.listFiles()],
  ['retrieveFile', (files) => files.retrieveFile('file-1')],
  ['deleteFile', (files) => files.deleteFile('file-1')],
  ['downloadFile', (files) => files.downloadFile('file-1')],
  ['createFile', (files) => files.createFile(FILE, 'batch', { preflight: false })],
];

/** Takes the request, sends the head of an answer, and then what the test wants. */
const answerWith =
  (head: string, then: (connection: RawConnection) => void = () => {}): Script =>
  async (connection) => {
    await connection.wholeRequest();
    connection.write(`HTTP/1.1 ${head}\r\n\r\n`);
    then(connection);
  };

/** Writes for as long as the other side takes it. */
function pour({ socket }: RawConnection): void {
  const block = Buffer.alloc(65_536, '{"error":{"message":"aaaaaaaaaaaaaaaa ');
  const more = () => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.on('drain', more);
  more();
}

describe('G11, fault 37: slow-loris response (1 byte/s): 60 s in total for JSON', () => {
  it.each(OPERATIONS.filter(([name]) => name !== 'downloadFile'))('%s', async (name, run) => {
    let drip: () => void = () => {};
    const server = await listen(
      answerWith('200 OK\r\ncontent-length: 1000', ({ socket }) => {
        drip = () => void socket.write(' ');
      }),
    );
    // Another limit for the head, to tell the two apart.
    const running = failureOf(run(client(server, { retry: ONE_TRY, timeout: { response: 5000 } })), Error);
    await clock.started(60_000);
    for (let second = 1; second < 60; second++) {
      drip();
      await new Promise((later) => setImmediate(later));
      clock.advance(1000);
      expect(clock.pending()).toEqual([60_000]);
    }
    clock.advance(1000);
    const error = await running;
    // Of an upload the file may be there: the caller is told that, and why.
    const timeout = error instanceof AmbiguousUploadError ? error.cause : error;
    expect(timeout).toBeInstanceOf(TimeoutError);
    expect(timeout).toMatchObject({ code: 'E_TIMEOUT_BODY', timeoutMs: 60_000 });
    expect(error instanceof AmbiguousUploadError).toBe(name === 'createFile');
    await expect.poll(() => server.open()).toBe(0);
    expect(clock.pending()).toEqual([]);
  });

  it('downloadFile: what counts is the gap, 60 s, so that a large file may take its time', async () => {
    let drip: () => void = () => {};
    const server = await listen(
      answerWith('200 OK\r\ncontent-length: 1000', ({ socket }) => {
        drip = () => void socket.write(' ');
      }),
    );
    const options = { retry: ONE_TRY, timeout: { response: 5000 } };
    const running = failureOf(client(server, options).downloadFile('file-1', AS_IT_COMES), TimeoutError);
    for (let minute = 0; minute < 10; minute++) {
      await clock.started(60_000);
      clock.advance(59_000);
      drip();
      await new Promise((later) => setTimeout(later, 10));
    }
    await clock.runOut(60_000);
    expect(await running).toMatchObject({ code: 'E_TIMEOUT_STALL', timeoutMs: 60_000 });
    await expect.poll(() => server.open()).toBe(0);
  });

  it('no answer at all: 60 s; 600 s after an upload was handed over, and then it is a doubt', async () => {
    const silent = await listen(async (connection) => void (await connection.wholeRequest()));
    const files = client(silent, { retry: ONE_TRY });
    const listing = failureOf(files.listFiles(), TimeoutError);
    await clock.runOut(60_000);
    expect((await listing).code).toBe('E_TIMEOUT_RESPONSE');
    const uploading = failureOf(files.createFile(FILE, 'batch', { preflight: false }), AmbiguousUploadError);
    await clock.started(600_000);
    clock.advance(599_999);
    expect(clock.pending()).toEqual([600_000]);
    clock.advance(1);
    expect((await uploading).cause).toMatchObject({ code: 'E_TIMEOUT_RESPONSE', timeoutMs: 600_000 });
  });
});

describe('fault 38: JSON error body of 1 GB / endless: read at most 64 KiB, then destroy; message cut at 2 KiB', () => {
  it.each([
    ['endless', 'transfer-encoding: chunked\r\n\r\n7fffffff'],
    ['1 GB', 'content-length: 1000000000'],
  ])('%s, for every operation', async (_name, framing) => {
    for (const [, run] of OPERATIONS) {
      let written = 0;
      const server = await listen(
        answerWith(`400 Bad Request\r\ncontent-type: application/json\r\n${framing}`, (connection) => {
          connection.socket.on('close', () => {
            written = connection.socket.bytesWritten;
          });
          pour(connection);
        }),
      );
      const error = await failureOf(run(client(server)), Error);
      expect(error).toMatchObject({ code: 'E_HTTP', status: 400 });
      expect(Buffer.byteLength(error.message)).toBeLessThan(2048 + 100);
      await expect.poll(() => server.open()).toBe(0);
      // 64 KiB, and what the buffers on the way hold.
      expect(written).toBeLessThan(12_000_000);
    }
  });

  it('a success of more than 8 MiB is no answer either', async () => {
    const server = await listen(answerWith('200 OK\r\ncontent-length: 1000000000', pour));
    const error = await failureOf(client(server).listFiles(), ProtocolError);
    expect(error.message).toContain('longer than 8388608 bytes');
    await expect.poll(() => server.open()).toBe(0);
  });
});

describe('fault 39: gzip/br bomb on JSON or download: accept-encoding: identity; other encodings refused', () => {
  const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, ' '));

  it.each(OPERATIONS)('%s', async (name, run) => {
    for (const encoding of ['gzip', 'br', 'deflate, gzip', 'zstd']) {
      let accepted: string | undefined;
      const server = await listen(async (connection) => {
        ({ 'accept-encoding': accepted } = (await connection.request()).headers);
        await connection.wholeRequest();
        connection.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bomb.length}\r\n\r\n`);
        connection.socket.write(bomb);
      });
      const error = await failureOf(run(client(server)), Error);
      const refusal = name === 'createFile' ? error.cause : error;
      expect(refusal).toMatchObject({ code: 'E_PROTOCOL', message: expect.stringContaining('compressed') });
      expect(accepted).toBe('identity');
      await expect.poll(() => server.open()).toBe(0);
    }
  });

  it('in an error answer: the status counts, and nothing of the bytes is shown', async () => {
    const server = await listen(async (connection) => {
      await connection.request();
      connection.write(`HTTP/1.1 403 x\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      connection.socket.write(bomb);
    });
    const error = await failureOf(client(server).listFiles(), Error);
    expect(error.message).toBe('GET /v1/files: 403 (a compressed answer)');
  });
});

describe('fault 40: HTML error page from a proxy: ApiError with status, title, no markup dump', () => {
  const page =
    '<!doctype html>\n<html><head><title>\n 502 Bad Gateway </title><script>steal()</script></head><body><h1>nginx</h1></body></html>';

  it.each(OPERATIONS)('%s', async (_name, run) => {
    const server = await listen(async (connection) => {
      await connection.wholeRequest();
      connection.answer(502, page, { 'content-type': 'text/html; charset=utf-8' });
    });
    const error = await failureOf(run(client(server, { retry: ONE_TRY })), Error);
    const told = error instanceof AmbiguousUploadError ? error.cause : error;
    expect(told).toBeInstanceOf(ServerError);
    expect(told).toMatchObject({ status: 502, message: expect.stringContaining('(an HTML page: 502 Bad Gateway)') });
    expect(String(told)).not.toMatch(/[<>]|steal|nginx/);
  });

  it('without a title, and as a success', async () => {
    const server = await listen([
      async (connection) => {
        await connection.wholeRequest();
        connection.answer(503, '<p>down', { 'content-type': 'text/html' });
      },
      async (connection) => {
        await connection.wholeRequest();
        connection.answer(200, page, { 'content-type': 'text/html' });
      },
    ]);
    const files = client(server, { retry: ONE_TRY });
    expect((await failureOf(files.listFiles(), ServerError)).message).toContain('(an HTML page)');
    const error = await failureOf(files.listFiles(), ProtocolError);
    expect(error.message).toContain('not JSON');
    expect(error.hint).toContain('web page');
  });
});

const redirectTo =
  (status: number, location: string): Script =>
  async (connection) => {
    for (;;) {
      await connection.wholeRequest();
      connection.answer(status, '', { location });
    }
  };

describe('G7, fault 41: 301/302/303/307/308 on POST/DELETE: RedirectError with the origin; not followed; key not sent anywhere', () => {
  it.each([301, 302, 303, 307, 308])('%d', async (status) => {
    const elsewhere = await listen(goodFilesApi);
    const location = `http://127.0.0.1:${elsewhere.port}/v1/files?token=${SECRET_KEY}`;
    const server = await listen(redirectTo(status, location));
    const files = client(server);
    for (const call of [
      () => files.createFile(FILE, 'batch', { preflight: false }),
      () => files.createFile(FILE, 'batch'),
      () => files.deleteFile('file-1'),
      () => files.listFiles(),
      () => files.retrieveFile('file-1'),
    ]) {
      const error = await failureOf(call(), RedirectError);
      expect(error).toMatchObject({ status, locationOrigin: `http://127.0.0.1:${elsewhere.port}`, retryable: false });
      expect(error.message).not.toContain('token');
    }
    expect(elsewhere.connections()).toBe(0);
  });
});

describe('G7, fault 42: 302 on /content to another host: followed (https, at most 5), no Authorization/api-key/org headers', () => {
  it('and the content arrives', async () => {
    let asked: Record<string, string> = {};
    const store = await listen(async (connection) => {
      asked = (await connection.request()).headers;
      connection.answer(200, 'the content', { 'content-type': 'application/octet-stream' });
    }, 'server.pem');
    const api = await listen(redirectTo(302, `https://localhost:${store.port}/bucket/x?signature=1`), 'server.pem');
    const { content } = await client(api, {}, 'https').downloadFile('file-1');
    expect(Buffer.from(content).toString()).toBe('the content');
    expect(Object.keys(asked).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host']);
  });

  it('five are followed, a sixth is not', async () => {
    let hops = 0;
    const server = await listen(async (connection) => {
      for (;;) {
        await connection.wholeRequest();
        hops++;
        if (hops === 6) connection.answer(200, 'end');
        else connection.answer(302, '', { location: `/hop/${hops}` });
      }
    });
    expect((await client(server).downloadFile('file-1', AS_IT_COMES)).bytes).toBe(3);
    hops = -1;
    await failureOf(client(server).downloadFile('file-1', AS_IT_COMES), RedirectError);
    expect(hops).toBe(5);
  });
});

describe('fault 43: redirect https -> http, loop, to file:/data:: refused', () => {
  it.each([
    ['from https to http', 'https', 'http://127.0.0.1:1/x'],
    ['to file:', 'http', 'file:///etc/passwd'],
    ['to data:', 'http', 'data:application/jsonl,{}'],
    ['to javascript:', 'http', 'javascript:alert(1)'],
    ['from this machine to another without TLS', 'http', 'http://example.com/x'],
    ['to nowhere', 'http', 'http://'],
  ])('%s', async (_name, scheme, location) => {
    const server = await listen(redirectTo(302, location), scheme === 'https' ? 'server.pem' : undefined);
    const error = await failureOf(client(server, {}, scheme).downloadFile('file-1'), RedirectError);
    expect(error).toMatchObject({ status: 302, retryable: false });
    expect(server.connections()).toBe(1);
    expect(clock.waits).toEqual([]);
  });

  it('in a loop', async () => {
    const server = await listen(redirectTo(307, '/v1/files/file-1/content'));
    await failureOf(client(server).downloadFile('file-1'), RedirectError);
  });
});
