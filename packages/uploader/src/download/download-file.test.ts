import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answer,
  createTestRuntime,
  type Fault,
  type FaultServer,
  failureOf,
  SECRET_KEY,
  sha256Of,
  startFaultServer,
} from '../../../../test-fixtures/src/fault-server.js';
import { NotFoundError, RedirectError } from '../api-errors.js';
import { createClientWith } from '../client.js';
import { AbortedError, ConnectionError, ProtocolError, TimeoutError, UploaderError } from '../errors.js';
import { FileWriteError } from '../file-errors.js';
import type { ClientOptions } from '../options.js';

const CONTENT = Buffer.alloc(3_000_000, '{"messages":[]}\n');

let server: FaultServer;
let directory: string;
let to: string;
let id: string;

beforeEach(async () => {
  server = await startFaultServer();
  directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
  to = join(directory, 'out.jsonl');
  id = server.store({ content: CONTENT, filename: '../../../evil' }).id;
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

function client(options: Partial<ClientOptions> = {}) {
  return createClientWith({ apiKey: SECRET_KEY, baseURL: server.url, ...options }, createTestRuntime());
}

async function failedDownload<E extends Error>(Kind: abstract new (...args: never[]) => E, options = {}): Promise<E> {
  const before = await readdir(directory);
  const error = await failureOf(client({ retry: { retries: 0 } }).downloadFile(id, { to, ...options }), Kind);
  expect(await readdir(directory)).toEqual(before);
  return error;
}

const cutAfter = (bytes: number): Fault => {
  return ({ response, socket }) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    response.write(CONTENT.subarray(0, bytes), () => socket.destroy());
  };
};

describe('a download', () => {
  it('into a file: is complete, under the name of the caller, with its digest', async () => {
    const got = await client().downloadFile(id, { to });
    expect(got).toEqual({ path: to, bytes: CONTENT.length, sha256: sha256Of(CONTENT) });
    expect(sha256Of(await readFile(to))).toBe(sha256Of(CONTENT));
    expect(await readdir(directory)).toEqual(['out.jsonl']);
  });

  it('into memory', async () => {
    const got = await client().downloadFile(id);
    expect(got).toMatchObject({ bytes: CONTENT.length, sha256: sha256Of(CONTENT) });
    expect(sha256Of(got.content)).toBe(sha256Of(CONTENT));
  });

  it('into memory: not more than allowed', async () => {
    const error = await failureOf(client().downloadFile(id, { maxBytes: 1000 }), ProtocolError);
    expect(error.message).toContain('longer than 1000 bytes');
  });

  it('as a stream', async () => {
    const { data } = await client().downloadFileWithHttpInfo(id, { stream: true });
    expect(data.bytes).toBe(CONTENT.length);
    const chunks: Uint8Array[] = [];
    for await (const chunk of data.body) chunks.push(chunk);
    expect(sha256Of(Buffer.concat(chunks))).toBe(sha256Of(CONTENT));
  });

  it('as a stream: can be cancelled, and ends with an abort', async () => {
    const first = await client().downloadFile(id, { stream: true });
    first.cancel();
    const controller = new AbortController();
    const second = await client().downloadFile(id, { stream: true, signal: controller.signal });
    const reading = (async () => {
      for await (const _chunk of second.body) controller.abort();
    })();
    await failureOf(reading, AbortedError);
  });

  it('as a stream: throws where the content ends early', async () => {
    server.faults.content.push(cutAfter(1_000_000));
    const { body } = await client().downloadFile(id, { stream: true });
    const reading = (async () => {
      for await (const _chunk of body);
    })();
    await failureOf(reading, ConnectionError);
  });

  it('comes with HTTP information', async () => {
    const info = await client().downloadFileWithHttpInfo(id, { to });
    expect(info).toMatchObject({ status: 200, headers: { 'content-length': String(CONTENT.length) } });
    expect(info.attempts).toHaveLength(1);
  });

  it('of a file that is not there', async () => {
    id = 'file-none';
    await failedDownload(NotFoundError);
  });
});

describe('68: the target', () => {
  it('is not replaced, whether it is a file or a link', async () => {
    await writeFile(to, 'mine');
    expect((await failedDownload(FileWriteError)).code).toBe('E_FILE_EXISTS');
    expect(await readFile(to, 'utf8')).toBe('mine');
    await rm(to);
    await symlink('/nowhere', to);
    expect((await failedDownload(FileWriteError)).code).toBe('E_FILE_EXISTS');
    expect(server.connections()).toBe(0);
  });

  it('is not replaced either when it appears during the download', async () => {
    server.faults.content.push(async ({ behave }) => {
      await writeFile(to, 'mine');
      await behave();
    });
    const error = await failureOf(client().downloadFile(id, { to }), FileWriteError);
    expect(error.code).toBe('E_FILE_EXISTS');
    expect(await readFile(to, 'utf8')).toBe('mine');
    expect(await readdir(directory)).toEqual(['out.jsonl']);
  });

  it('is replaced as a whole when that is asked for, and a link is not written through', async () => {
    const other = join(directory, 'other');
    await writeFile(other, 'mine');
    await symlink(other, to);
    await client().downloadFile(id, { to, overwrite: true });
    expect(sha256Of(await readFile(to))).toBe(sha256Of(CONTENT));
    expect(await readFile(other, 'utf8')).toBe('mine');
  });

  it('may be no directory', async () => {
    await failureOf(client().downloadFile(id, { to: directory, overwrite: true }), FileWriteError);
  });

  it('70: cannot be written: names the path', async () => {
    const error = await failureOf(client().downloadFile(id, { to: join(directory, 'no', 'x') }), FileWriteError);
    expect(error).toMatchObject({ code: 'E_FILE_WRITE', path: join(directory, 'no', 'x') });
    await chmod(directory, 0o755);
  });
});

describe('69: content that is not whole', () => {
  it('cut off: is fetched again from the first byte', async () => {
    server.faults.content.push(cutAfter(1_000_000), cutAfter(2_000_000));
    expect((await client().downloadFile(id, { to })).sha256).toBe(sha256Of(CONTENT));
    expect(sha256Of(await readFile(to))).toBe(sha256Of(CONTENT));
  });

  it('cut off every time: nothing is left', async () => {
    server.faults.content.push(cutAfter(1_000_000));
    await failedDownload(ConnectionError);
  });

  it('silent in the middle: nothing is left', async () => {
    server.faults.content.push(({ response }) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write('abc');
    });
    expect((await failedDownload(TimeoutError, { timeout: { stall: 60 } })).code).toBe('E_TIMEOUT_STALL');
  });

  it('39: compressed: is refused', async () => {
    server.faults.content.push(answer(200, 'x', { 'content-encoding': 'gzip' }));
    await failedDownload(ProtocolError);
  });

  it('aborted: nothing is left', async () => {
    const controller = new AbortController();
    server.faults.content.push(({ response }) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write('abc', () => setTimeout(() => controller.abort(), 10));
    });
    await failedDownload(AbortedError, { signal: controller.signal });
  });
});

describe('42: a redirect of the content', () => {
  it('to another origin is followed without key and organisation, also back again', async () => {
    const store = await startFaultServer();
    store.faults.content.push(
      ({ response }) => void response.writeHead(302, { location: `${server.url}/files/${id}/content` }).end(),
    );
    server.faults.content.push(
      ({ response }) => void response.writeHead(302, { location: `${store.url}/files/x/content?signature=1` }).end(),
    );
    const got = await client({ organization: 'org-1', project: 'proj-1' }).downloadFile(id, { to });
    expect(got.sha256).toBe(sha256Of(CONTENT));
    for (const { headers } of [...store.received, ...server.received.slice(1)]) {
      expect(headers.authorization).toBeUndefined();
      expect(headers['openai-organization']).toBeUndefined();
      expect(headers['openai-project']).toBeUndefined();
    }
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${SECRET_KEY}`);
    await store.close();
  });

  it('within the origin keeps the key', async () => {
    server.faults.content.push(
      ({ response }) => void response.writeHead(307, { location: `/v1/files/${id}/content` }).end(),
    );
    await client().downloadFile(id);
    expect(server.received[1]?.headers.authorization).toBe(`Bearer ${SECRET_KEY}`);
  });

  it.each([
    'file:///etc/passwd',
    'data:text/plain,x',
    'ftp://example.com/x',
    'http://example.com/x',
    'http://[',
    'javascript:1',
  ])('43: to %s is refused', async (location) => {
    server.faults.content.push(({ response }) => void response.writeHead(302, { location }).end());
    await failedDownload(RedirectError);
  });

  it('43: that never ends is refused after five', async () => {
    const loop: Fault = ({ response, request }) => void response.writeHead(302, { location: request.url ?? '' }).end();
    for (let count = 0; count < 9; count++) server.faults.content.push(loop);
    await failedDownload(RedirectError);
    expect(server.received).toHaveLength(6);
  });

  it('43: without an address is refused', async () => {
    server.faults.content.push(({ response }) => void response.writeHead(302).end());
    await failedDownload(UploaderError);
  });
});

describe('a reader that is slower than the server', () => {
  const after = (ms: number) => new Promise((later) => setTimeout(later, ms));
  const lengthOf = async (body: AsyncIterable<Uint8Array>) => {
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    return bytes;
  };

  // 65,536 is where undici's own back-pressure would begin: it would be paused with nothing left to read.
  it.each([
    ['with a length', (bytes: number) => ({ 'content-length': bytes }), false],
    ['in chunks', () => ({}), true],
    ['until the end', () => ({}), false],
  ])('survives a connection that is closed behind the content, sent %s', async (_name, headers, isChunked) => {
    for (const size of [65_536, 131_072, 3_000_000]) {
      server.faults.content.push(({ response }) => {
        response.useChunkedEncodingByDefault = isChunked;
        response.writeHead(200, { connection: 'close', ...headers(size) });
        response.flushHeaders();
        setTimeout(() => response.end(Buffer.alloc(size)), 10);
      });
      const { body } = await client().downloadFile(id, { stream: true });
      await after(60);
      expect(await lengthOf(body)).toBe(size);
    }
  });

  it('notices a content that was cut off meanwhile', async () => {
    for (const size of [65_536, 2_000_000]) {
      server.faults.content.push(cutAfter(size));
      const { body } = await client().downloadFile(id, { stream: true });
      await after(60);
      await failureOf(lengthOf(body), UploaderError);
    }
  });

  it('slows the server down instead of filling the memory', async () => {
    const size = 48 * 1024 * 1024;
    let sent = 0;
    server.faults.content.push(async ({ response }) => {
      response.writeHead(200, { 'content-length': size });
      for (; sent < size; sent += 65_536) {
        if (!response.write(Buffer.alloc(65_536))) await new Promise((drained) => response.once('drain', drained));
      }
      response.end();
    });
    const { body } = await client().downloadFile(id, { stream: true });
    for (let before = -1; before !== sent; await after(60)) before = sent;
    expect(sent).toBeLessThan(size / 2);
    expect(await lengthOf(body)).toBe(size);
  });
});
