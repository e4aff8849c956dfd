import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, lstat, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Fault, startFaultServer } from '../../../../test-fixtures/src/fault-server.js';
import { answer } from '../../../../test-fixtures/src/faults.js';
import { sha256Of } from '../../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../../test-fixtures/src/test-runtime.js';
import { NotFoundError, RedirectError } from '../api-errors.js';
import { ConnectionError, TimeoutError } from '../connection-errors.js';
import { AbortedError, ConfigError, IntegrityError, ProtocolError, UploaderError } from '../errors.js';
import { client, server, useFaultServer } from '../fault-server.harness.js';
import { FileWriteError } from '../file-errors.js';
import { normalizeClientOptions } from '../options.js';
import { directory, useTemporaryFile } from '../temporary-file.harness.js';
import { type DestinationFs, openDestination } from './destination.js';
import { type DownloadToFileOptions, downloadFile } from './download-file.js';

const CONTENT = Buffer.alloc(3_000_000, '{"messages":[]}\n');

let to: string;
let id: string;

useTemporaryFile();
useFaultServer();

beforeEach(() => {
  to = join(directory, 'out.jsonl');
  id = server.store({ content: CONTENT, filename: '../../../evil' }).id;
});

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

  it('as a stream: whoever goes on reading after it was cancelled is told that, and not that the network failed', async () => {
    server.faults.content.push(({ response }) => void response.writeHead(200).write('abc'));
    const { body, cancel } = await client().downloadFile(id, { stream: true });
    const reading = (async () => {
      for await (const _chunk of body) setImmediate(cancel);
    })();
    await failureOf(reading, AbortedError);
    const second = await client().downloadFile(id, { stream: true });
    second.cancel();
    await failureOf(second.body[Symbol.asyncIterator]().next(), AbortedError);
  });

  it('as a stream: that is given up before it is read leaves no connection', async () => {
    const closed = new Promise<void>((done) => {
      server.faults.content.push(({ response, socket }) => {
        socket.on('close', done);
        response.writeHead(200).write('abc');
      });
    });
    const { body } = await client().downloadFile(id, { stream: true });
    await body[Symbol.asyncIterator]().return?.();
    await closed;
  });

  it('as a stream: ends when there is more than is expected', async () => {
    server.faults.content.push(({ response, socket }) => {
      const more = () => {
        if (!socket.destroyed) response.write(Buffer.alloc(100_000), () => setImmediate(more));
      };
      more();
    });
    const { body } = await client().downloadFile(id, { stream: true, expect: { bytes: 250_000 } });
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of body) bytes += chunk.length;
    })();
    await failureOf(reading, IntegrityError);
    expect(bytes).toBeLessThanOrEqual(250_000);
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

describe('G9, fault 68: the target', () => {
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

  it.runIf(existsSync('/dev/null'))('may be no pipe and no device, nor a link to one: none is replaced', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', to]);
    const error = await failedDownload(FileWriteError, { overwrite: true });
    expect(error).toMatchObject({ code: 'E_FILE_WRITE', message: `${to} is not a regular file` });
    expect((await lstat(to)).isFIFO()).toBe(true);
    await rm(to);
    await symlink('/dev/null', to);
    await failedDownload(FileWriteError, { overwrite: true });
    expect((await lstat(to)).isSymbolicLink()).toBe(true);
    expect(server.connections()).toBe(0);
  });

  it('may have any name that the file system takes', async () => {
    to = join(directory, '名'.repeat(85));
    await client().downloadFile(id, { to });
    expect(await readdir(directory)).toEqual(['名'.repeat(85)]);
  });

  it.each(['../../x', '/etc/x', 'CON', 'a\u0000b', '..\\x'])(
    'fault 68: has nothing to do with the name that the server gives: %j',
    async (filename) => {
      id = server.store({ content: CONTENT, filename }).id;
      server.faults.content.push(({ response }) => {
        const name = encodeURIComponent(filename);
        response.writeHead(200, { 'content-disposition': `attachment; filename="x"; filename*=UTF-8''${name}` });
        response.end(CONTENT);
      });
      expect(await client().downloadFile(id, { to })).toMatchObject({ path: to });
      expect(await readdir(directory)).toEqual(['out.jsonl']);
    },
  );

  it('fault 70: in a directory that is not there: names the path', async () => {
    const error = await failureOf(client().downloadFile(id, { to: join(directory, 'no', 'x') }), FileWriteError);
    expect(error).toMatchObject({ code: 'E_FILE_WRITE', path: join(directory, 'no', 'x') });
    expect(server.connections()).toBe(0);
  });
});

describe('G9, fault 70: a disk that takes no more', () => {
  const NODE_FS = { open, link, lstat, rename, rm, stat };

  /** As a client downloads, with another file system. */
  async function downloadOn(fs: Partial<DestinationFs>, options: Partial<DownloadToFileOptions> = {}) {
    const context = {
      settings: normalizeClientOptions({ apiKey: SECRET_KEY, baseURL: server.url }),
      runtime: createTestRuntime(),
      closed: new AbortController().signal,
    };
    const before = await readdir(directory);
    const downloading = downloadFile(context, id, { to, ...options }, { ...NODE_FS, ...fs });
    const error = await failureOf(downloading, FileWriteError);
    expect(error).toMatchObject({ code: 'E_FILE_WRITE', path: to, retryable: false });
    expect(await readdir(directory)).toEqual(before);
    return error;
  }

  const refusing = (code: string) => async () => {
    throw Object.assign(new Error('refused'), { code });
  };

  it('full in the middle: names the path, leaves nothing, and is not tried again', async () => {
    const full: DestinationFs['open'] = async (...given) => {
      const handle = await open(...given);
      const write = handle.write.bind(handle) as (...values: unknown[]) => Promise<{ bytesWritten: number }>;
      let room = 1_000_000;
      handle.write = (async (bytes: Uint8Array, offset: number, length: number, position: number) => {
        if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        const { bytesWritten } = await write(bytes, offset, Math.min(length, room), position);
        room -= bytesWritten;
        return { bytesWritten, buffer: bytes };
      }) as typeof handle.write;
      return handle;
    };
    const error = await downloadOn({ open: full });
    expect(error.message).toBe(`${to} cannot be written: the disk is full (ENOSPC)`);
    expect(server.requests('content')).toHaveLength(1);
  });

  it.runIf(existsSync('/dev/full'))('full, by the word of the system itself', async () => {
    const error = await downloadOn({ open: (_path, _flags) => open('/dev/full', 'w') });
    expect(error.message).toContain('the disk is full (ENOSPC)');
  });

  it.each([
    ['read-only', 'EROFS', 'the file system is read-only'],
    ['forbidden', 'EACCES', 'permission denied'],
  ])('%s: nothing is asked of the server', async (_name, code, reason) => {
    const error = await downloadOn({ open: refusing(code) as DestinationFs['open'] });
    expect(error.message).toContain(reason);
    expect(server.connections()).toBe(0);
  });

  it('that cannot give the file its name: leaves nothing', async () => {
    await downloadOn({ rename: refusing('EACCES') as DestinationFs['rename'] }, { overwrite: true });
  });

  it('without hard links: the file gets its name all the same, and replaces nothing', async () => {
    const link = refusing('EPERM') as DestinationFs['link'];
    const destination = await openDestination(to, false, { ...NODE_FS, link });
    await destination.append(Buffer.from('abc'));
    await destination.commit();
    expect(await readFile(to, 'utf8')).toBe('abc');
    const second = await openDestination(join(directory, 'second'), false, { ...NODE_FS, link });
    await writeFile(join(directory, 'second'), 'mine');
    await expect(second.commit()).rejects.toMatchObject({ code: 'E_FILE_EXISTS' });
    await second.discard();
    expect((await readdir(directory)).sort()).toEqual(['out.jsonl', 'second']);
  });

  it('without hard links, and that cannot give the file its name: leaves no empty file', async () => {
    await downloadOn({
      link: refusing('EPERM') as DestinationFs['link'],
      rename: refusing('EIO') as DestinationFs['rename'],
    });
  });
});

describe('G9, fault 69: content that is not whole', () => {
  it('cut off, from a server that vouches for nothing: is fetched again from the first byte', async () => {
    server.faults.content.push(cutAfter(1_000_000), cutAfter(2_000_000));
    expect((await client().downloadFile(id, { to })).sha256).toBe(sha256Of(CONTENT));
    expect(sha256Of(await readFile(to))).toBe(sha256Of(CONTENT));
    expect(server.requests('content').every(({ headers }) => headers.range === undefined)).toBe(true);
  });

  it('cut off every time: nothing is left', async () => {
    server.faults.content.push(cutAfter(1_000_000));
    await failedDownload(ConnectionError);
  });

  it.each([
    ['fewer bytes than the server says of the file, well framed', 2_999_999],
    ['more', 3_000_001],
  ])('%s: is an error, not tried again, and nothing is left', async (_name, size) => {
    server.faults.content.push(({ response }) => void response.end(Buffer.alloc(size)));
    const error = await failedDownload(IntegrityError);
    expect(error).toMatchObject({ expected: CONTENT.length, retryable: false });
    server.faults.content.push(({ response }) => void response.end(Buffer.alloc(size)));
    await failureOf(client().downloadFile(id), IntegrityError);
    expect(server.requests('content')).toHaveLength(2);
  });

  it('longer than its Content-Length: what is too much is not part of it', async () => {
    server.faults.content.push(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n');
      socket.write(CONTENT);
    });
    const error = await failedDownload(UploaderError);
    expect(error).toMatchObject({ code: 'E_INTEGRITY', expected: CONTENT.length, actual: 10 });
  });

  it('endless: ends when there is more than the file is to have', async () => {
    server.faults.content.push(({ response, socket }) => {
      const more = () => {
        if (!socket.destroyed) response.write(Buffer.alloc(100_000), () => setImmediate(more));
      };
      more();
    });
    await failedDownload(IntegrityError);
  });

  it('of another digest than the caller expects: is an error, and nothing is left', async () => {
    const error = await failedDownload(IntegrityError, { expect: { sha256: sha256Of('other') } });
    expect(error).toMatchObject({ expected: sha256Of('other'), actual: sha256Of(CONTENT) });
    const { body } = await client().downloadFile(id, { stream: true, expect: { sha256: sha256Of('other') } });
    const reading = (async () => {
      for await (const _chunk of body);
    })();
    await failureOf(reading, IntegrityError);
  });

  it('of another size than the server says, where the caller takes what comes', async () => {
    server.faults.content.push(({ response }) => void response.end('abc'));
    expect(await client().downloadFile(id, { expect: { bytes: null } })).toMatchObject({ bytes: 3 });
    expect(server.requests('retrieve')).toEqual([]);
  });

  it('from a server that describes no files: is taken as it comes', async () => {
    server.faults.retrieve.push(answer(404));
    expect(await client().downloadFile(id)).toMatchObject({ bytes: CONTENT.length });
  });

  it.each([{ bytes: -1 }, { bytes: 1.5 }, { sha256: 'abc' }])(
    'the expectation %j is refused before any network use',
    async (expectation) => {
      await failedDownload(ConfigError, { expect: expectation });
      expect(server.connections()).toBe(0);
    },
  );

  it('silent in the middle: nothing is left', async () => {
    server.faults.content.push(({ response }) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write('abc');
    });
    expect((await failedDownload(TimeoutError, { timeout: { stall: 60 } })).code).toBe('E_TIMEOUT_STALL');
  });

  it.each([
    ['by its encoding', { 'content-encoding': 'gzip' }],
    ['on the way', { 'transfer-encoding': 'gzip, chunked' }],
  ])('39: compressed, %s: is refused', async (_name, headers) => {
    server.faults.content.push(({ socket }) => {
      const fields = Object.entries({ 'transfer-encoding': 'chunked', ...headers }).map((it) => `${it.join(': ')}\r\n`);
      socket.end(`HTTP/1.1 200 OK\r\n${fields.join('')}\r\n1\r\nx\r\n0\r\n\r\n`);
    });
    await failedDownload(ProtocolError, { expect: { bytes: null } });
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

describe('G9, fault 69: content that breaks off and is gone on with', () => {
  const ETAG = '"v1"';

  /** Serves ranges as RFC 9110 has it, and breaks off after so many bytes. */
  const ranged = (breakAfter = Number.POSITIVE_INFINITY, headers: Record<string, string> = { etag: ETAG }): Fault => {
    return ({ request, response, socket }) => {
      const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
      const isWanted = from !== undefined && [headers.etag, headers['last-modified']].includes(asked(request));
      const rest = CONTENT.subarray(isWanted ? Number(from) : 0);
      const range = { 'content-range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` };
      response.writeHead(isWanted ? 206 : 200, { 'content-length': rest.length, ...headers, ...(isWanted && range) });
      if (breakAfter < rest.length) response.write(rest.subarray(0, breakAfter), () => socket.destroySoon());
      else response.end(rest);
    };
  };
  const asked = ({ headers }: { headers: IncomingHttpHeaders }) => String(headers['if-range']);
  const ranges = () => server.requests('content').map(({ headers }) => headers.range);

  it.each([
    ['a file', async () => (await client().downloadFile(id, { to })).sha256],
    ['memory', async () => sha256Of((await client().downloadFile(id)).content)],
  ])('into %s: only the rest is fetched, and the digest is that of the whole', async (_name, download) => {
    server.faults.content.push(ranged(1_000_000), ranged(500_000), ranged());
    expect(await download()).toBe(sha256Of(CONTENT));
    const [first, second, third] = ranges();
    expect(first).toBeUndefined();
    expect(second).toMatch(/^bytes=[1-9]\d*-$/);
    expect(third).toMatch(/^bytes=[1-9]\d*-$/);
    expect(asked(server.requests('content')[1] ?? { headers: {} })).toBe(ETAG);
  });

  it('as often as it takes, while every try brings something', async () => {
    for (let count = 0; count < 10; count++) server.faults.content.push(ranged(250_000));
    server.faults.content.push(ranged());
    const { sha256 } = await client({ retry: { retries: 1 } }).downloadFile(id, { to });
    expect(sha256).toBe(sha256Of(CONTENT));
    expect(sha256Of(await readFile(to))).toBe(sha256Of(CONTENT));
  });

  it.each<[string, Fault]>([
    ['has changed in between: is fetched anew', ranged(undefined, { etag: '"v2"' })],
    ['is not there in this range: is fetched anew', answer(416)],
    [
      'comes in another range than was asked for: is fetched anew',
      ({ response }) => {
        response.writeHead(206, { 'content-range': `bytes 5-${CONTENT.length - 1}/${CONTENT.length}`, etag: ETAG });
        response.end(CONTENT.subarray(5));
      },
    ],
    [
      'comes in the right range of something else: is fetched anew',
      ({ request, response }) => {
        const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
        response.writeHead(206, { 'content-range': `bytes ${from}-2999999/3000000`, etag: '"v2"' });
        response.end(Buffer.alloc(CONTENT.length - from));
      },
    ],
  ])('what %s', async (_name, second) => {
    server.faults.content.push(ranged(1_000_000), second);
    expect((await client().downloadFile(id, { to })).sha256).toBe(sha256Of(CONTENT));
    expect(sha256Of(await readFile(to))).toBe(sha256Of(CONTENT));
  });

  it('in shorter ranges than were asked for: all of them are fetched', async () => {
    const short: Fault = ({ request, response }) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      const some = CONTENT.subarray(from, from + 700_000);
      const range = `bytes ${from}-${from + some.length - 1}/${CONTENT.length}`;
      response.writeHead(206, { 'content-length': some.length, etag: ETAG, 'content-range': range }).end(some);
    };
    server.faults.content.push(ranged(1_000_000), short, short, short, short);
    // Nothing else tells here how long the content is to be.
    const { sha256 } = await client({ retry: { retries: 1 } }).downloadFile(id, { to, expect: { bytes: null } });
    expect(sha256).toBe(sha256Of(CONTENT));
    expect(ranges().slice(1)).not.toContain(undefined);
  });

  it.each(['3000001', '2500000'])('of another length than it had (%s): is fetched anew', async (complete) => {
    server.faults.content.push(ranged(1_000_000), ({ request, response }) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      const rest = Buffer.alloc(Number(complete) - from);
      const range = `bytes ${from}-${Number(complete) - 1}/${complete}`;
      response.writeHead(206, { 'content-length': rest.length, etag: ETAG, 'content-range': range }).end(rest);
    });
    const { sha256 } = await client().downloadFile(id, { to, expect: { bytes: null } });
    expect(sha256).toBe(sha256Of(CONTENT));
    expect(ranges().at(-1)).toBeUndefined();
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['a weak ETag', { etag: 'W/"v1"' }, false],
    ['a date of this moment', { 'last-modified': new Date().toUTCString() }, false],
    ['a date long gone', { 'last-modified': new Date(0).toUTCString() }, true],
  ])('%s: vouches for the content: %j, %s', async (_name, headers, isEnough) => {
    server.faults.content.push(ranged(1_000_000, headers), ranged(undefined, headers));
    expect((await client().downloadFile(id, { to })).sha256).toBe(sha256Of(CONTENT));
    expect(ranges()[1] !== undefined).toBe(isEnough);
  });

  it('a part that nobody asked for is an error', async () => {
    server.faults.content.push(answer(206, 'x', { 'content-range': 'bytes 0-0/3000000' }));
    await failedDownload(ProtocolError);
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
    for (const { headers } of [...store.received, ...server.requests('content').slice(1)]) {
      expect(headers.authorization).toBeUndefined();
      expect(headers['openai-organization']).toBeUndefined();
      expect(headers['openai-project']).toBeUndefined();
    }
    expect(server.requests('content')[0]?.headers.authorization).toBe(`Bearer ${SECRET_KEY}`);
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
    expect(server.requests('content')).toHaveLength(6);
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
