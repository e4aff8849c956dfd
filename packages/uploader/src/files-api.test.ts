import { describe, expect, it } from 'vitest';
import { errorBody } from '../../../test-fixtures/src/fault-files.js';
import type { Fault } from '../../../test-fixtures/src/fault-server.js';
import { answer, resetAfter, storeThen } from '../../../test-fixtures/src/faults.js';
import { failureOf, SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { BadRequestError, NotFoundError, RateLimitError } from './api-errors.js';
import { createClientWith } from './client.js';
import { TimeoutError } from './connection-errors.js';
import { AbortedError, ConfigError, FileProcessingError, IntegrityError, ProtocolError } from './errors.js';
import { client, runtime, server, useFaultServer } from './fault-server.harness.js';
import type { FileObject } from './types.js';

useFaultServer();

async function all(files: AsyncIterable<FileObject>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of files) ids.push(id);
  return ids;
}

const BYTES = { bytes: Buffer.from('{}\n'), filename: 'a.jsonl' };

describe('every file, page by page', () => {
  it('fault 73: ten thousand files are read in pages, each asked for when it is wanted', async () => {
    for (let count = 0; count < 10_000; count++) server.store({});
    const ids = await all(client().iterateFiles({ limit: 4000 }));
    expect(new Set(ids).size).toBe(10_000);
    expect(server.requests('list')).toHaveLength(3);
    for await (const file of client().iterateFiles({ limit: 10 })) {
      expect(file.id).toBe('file-10000');
      break;
    }
    expect(server.requests('list')).toHaveLength(4);
  });

  it('passes its query on with every page, and begins where it is told', async () => {
    for (let count = 0; count < 5; count++) server.store({ purpose: count === 2 ? 'batch' : 'fine-tune' });
    const ids = await all(client().iterateFiles({ purpose: 'fine-tune', limit: 1, order: 'desc', after: 'file-5' }));
    expect(ids).toEqual(['file-4', 'file-2', 'file-1']);
    expect(server.requests('list').map(({ url }) => url)).toEqual(
      [5, 4, 2].map((after) => `/v1/files?purpose=fine-tune&limit=1&order=desc&after=file-${after}`),
    );
  });

  it('goes on from whatever the server names, which need not be the id of a file', async () => {
    const cursors = ['ab/cd+e==', 'a%2Fb?c#d', '../x', ''];
    for (const last_id of cursors) {
      server.faults.list.push(answer(200, { data: [{ id: `file/${last_id}` }], has_more: true, last_id }));
    }
    server.faults.list.push(answer(200, { data: [{ id: 'file-9' }], has_more: false }));
    expect(await all(client().iterateFiles())).toHaveLength(5);
    const asked = server.requests('list').map(({ url }) => new URL(url, server.url).searchParams.get('after'));
    expect(asked).toEqual([null, 'ab/cd+e==', 'a%2Fb?c#d', '../x', 'file/']);
  });

  it('G2: a cursor that is no id does not stop an upload', async () => {
    server.faults.list.push(answer(200, { data: [{ id: 'a/b' }], has_more: true, last_id: 'YS9i/Q==' }));
    expect(await client().createFile(BYTES, 'fine-tune')).toMatchObject({ id: 'file-1' });
  });

  it('asks for a thousand at a time, which no server needs long for and no answer is too long for', async () => {
    for await (const _ of client().iterateFiles());
    expect(server.requests('list')[0]?.url).toBe('/v1/files?limit=1000');
  });

  it.each([
    ['an empty page that promises more', [{ data: [], has_more: true }], 1],
    ['a page without ids to go on from', [{ data: [], has_more: true, last_id: null }], 1],
    [
      'the same page again and again',
      [
        { data: [{ id: 'a' }], has_more: true },
        { data: [{ id: 'a' }], has_more: true },
      ],
      2,
    ],
    [
      'pages in a circle',
      [
        { data: [{ id: 'a' }], has_more: true },
        { data: [{ id: 'b' }], has_more: true },
        { data: [{ id: 'a' }], has_more: true },
      ],
      3,
    ],
    [
      'the same files under ever new cursors',
      [
        { data: [{ id: 'a' }, { id: 'b' }], has_more: true, last_id: 'c1' },
        { data: [{ id: 'a' }, { id: 'b' }], has_more: true, last_id: 'c2' },
      ],
      2,
    ],
  ])('fault 73: %s: ends with an error', async (_name, pages, requests) => {
    for (const page of pages) server.faults.list.push(answer(200, { object: 'list', ...page }));
    const error = await failureOf(all(client().iterateFiles()), ProtocolError);
    expect(error.message).toMatch(/promises more files after an empty page|leads back to files/);
    expect(server.requests('list')).toHaveLength(requests);
  });

  it('an answer that begins with a byte order mark is read as any other', async () => {
    server.faults.retrieve.push(answer(200, '\ufeff{"id":"file-1"}'));
    expect((await client().retrieveFile('file-1')).id).toBe('file-1');
  });

  it('an error that is nested more deeply than can be shown is an error of the server all the same', async () => {
    const deep = `{"error":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    server.faults.create.push(answer(400, deep));
    const error = await failureOf(client().createFile(BYTES, 'fine-tune'), BadRequestError);
    // Node 26 can write it.
    expect(error.message).toMatch(/^POST \/v1\/files: 400 (\(a JSON answer\)|\[\[)/);
    expect(error.message.length).toBeLessThan(3_000);
  });

  it('fault 73: an answer without "object" is a list all the same', async () => {
    server.faults.list.push(answer(200, { data: [{ id: 'a' }] }));
    expect(await all(client().iterateFiles())).toEqual(['a']);
  });

  it('a page that fails is asked for again; one that goes on failing ends the loop with its error', async () => {
    for (let count = 0; count < 3; count++) server.store({});
    const good: Fault = ({ behave }) => behave();
    server.faults.list.push(good, resetAfter(0), answer(429));
    expect(await all(client().iterateFiles({ limit: 2 }))).toEqual(['file-3', 'file-2', 'file-1']);
    server.faults.list.push(good, ...Array.from({ length: 5 }, () => answer(429)));
    await failureOf(all(client().iterateFiles({ limit: 2 })), RateLimitError);
  });

  it('ends at once when it is aborted', async () => {
    server.store({});
    server.store({});
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of client().iterateFiles({ limit: 1 }, { signal: controller.signal })) controller.abort();
    })();
    await failureOf(reading, AbortedError);
    expect(server.requests('list')).toHaveLength(1);
  });

  it.each([
    [{ limit: 0 }],
    [{ limit: 10_001 }],
    [{ limit: 1.5 }],
    [{ order: 'up' as 'asc' }],
    [{ after: '' }],
    [{ after: 17 as never }],
    [{ purpose: {} as never }],
    [{ page: 2 }],
    [{ page: -1 }],
  ])('the query %j is refused before anything is sent', async (query) => {
    await failureOf(client().listFiles(query), ConfigError);
    await failureOf(all(client().iterateFiles(query)), ConfigError);
    expect(server.connections()).toBe(0);
  });
});

describe('delete', () => {
  it.each([
    ['the connection breaks', ({ socket }: Parameters<Fault>[0]) => socket.destroy()],
    ['502', ({ json }: Parameters<Fault>[0]) => json(502, '<html>')],
    [
      'an answer that cannot be read',
      ({ response, socket }: Parameters<Fault>[0]) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{', () => socket.destroy());
      },
    ],
  ])('fault 71: %s, then 404: is a success that says that it was gone', async (_name, lose) => {
    const { id } = server.store({});
    server.faults.delete.push((exchange) => {
      server.files.delete(id);
      return lose(exchange);
    });
    const info = await client().deleteFileWithHttpInfo(id);
    expect(info).toMatchObject({ status: 404, data: { id, object: 'file', deleted: true, alreadyGone: true } });
  });

  it('fault 71: 404 after a refusal is no success: nothing was deleted', async () => {
    server.faults.delete.push(answer(429));
    await failureOf(client().deleteFile('file-9'), NotFoundError);
    await failureOf(client().deleteFile('file-9'), NotFoundError);
  });

  it.each([
    ['the file object', { id: 'file-1', object: 'file', filename: 'a' }],
    ['no id', { deleted: true }],
    ['nothing', ''],
  ])('fault 72: an answer with %s is a success', async (_name, body) => {
    server.faults.delete.push(answer(200, body));
    expect(await client().deleteFile('file-1')).toEqual({ id: 'file-1', object: 'file', deleted: true });
  });

  it('fault 72: 204 is a success; an answer about another file, or HTML, is none', async () => {
    server.faults.delete.push(({ response }) => void response.writeHead(204).end());
    expect((await client().deleteFileWithHttpInfo('file-1')).status).toBe(204);
    server.faults.delete.push(answer(200, { id: 'file-2', deleted: true }));
    await failureOf(client().deleteFile('file-1'), ProtocolError);
    server.faults.delete.push(answer(200, '<html>'));
    await failureOf(client().deleteFile('file-1'), ProtocolError);
  });

  it.each([{}, { error: { message: 'no' } }, { object: 'file', deleted: 'no' }])(
    'fault 72: an answer that speaks of no deletion, like %j, is no success',
    async (body) => {
      server.faults.delete.push(answer(200, body));
      await failureOf(client().deleteFile('file-1'), ProtocolError);
    },
  );

  it('fault 72: deleted: false is passed on', async () => {
    server.faults.delete.push(answer(200, { id: 'file-1', deleted: false }));
    expect(await client().deleteFile('file-1')).toMatchObject({ deleted: false });
  });
});

describe('waiting for a file', () => {
  /** What the server says at each look; the last of it for ever. */
  function states(...said: Array<Record<string, unknown>>): string {
    const { id } = server.store({});
    for (let at = 0; at < 400; at++) {
      server.faults.retrieve.push(({ json }) =>
        json(200, { id, object: 'file', bytes: 1, ...(said[at] ?? said.at(-1)) }),
      );
    }
    return id;
  }

  it('a file that is processed needs one look and no wait', async () => {
    const info = await client().waitForProcessingWithHttpInfo(states({ status: 'processed' }));
    expect(info).toMatchObject({
      status: 200,
      requestId: 'req-1',
      data: { id: 'file-1', status: 'processed', processing: { outcome: 'processed', polls: 1 } },
    });
    expect(runtime.waits).toEqual([]);
  });

  it('looks again after 1 second, and ever later, up to 10 seconds', async () => {
    const pending = Array.from({ length: 9 }, () => ({ status: 'pending' }));
    const seen: unknown[] = [];
    const id = states({ status: 'uploaded' }, ...pending, { status: 'running' }, { status: 'processed' });
    await client().waitForProcessing(id, { onPoll: ({ status }) => seen.push(status) });
    expect(runtime.waits).toEqual([1000, 1500, 2250, 3375, 5062.5, 7593.75, 10_000, 10_000, 10_000, 10_000, 10_000]);
    expect(seen.slice(-2)).toEqual(['running', 'processed']);
  });

  it.each(['error', 'failed', 'deleted', 'deleting'])('fault 22: the state "%s" is an error', async (status) => {
    const id = states({ status: 'pending' }, { status, status_details: `line 3\u001b[31m is bad, ${SECRET_KEY}` });
    const error = await failureOf(client().waitForProcessing(id), FileProcessingError);
    expect(error).toMatchObject({ code: 'E_PROCESSING', fileId: id, status, retryable: false });
    expect(error.statusDetails).toBe('line 3 [31m is bad, [redacted]');
    expect(error.message).toContain(`the server did not process file-1: ${status}: line 3`);
  });

  it.each(['indexing', 'PROCESSED', ''])('fault 75: the unknown state "%s" ends the wait at once', async (status) => {
    const file = await client().waitForProcessing(states({ status }));
    expect(file.processing).toEqual({ outcome: 'unknown', polls: 1 });
  });

  it('fault 75: a file without a state ends the wait after a few looks', async () => {
    const file = await client().waitForProcessing(states({}));
    expect(file.processing).toEqual({ outcome: 'unknown', polls: 4 });
    expect(runtime.waits).toEqual([1000, 1500, 2250]);
    expect(file).not.toHaveProperty('status');
  });

  it('fault 75: a state that comes late is waited for', async () => {
    const file = await client().waitForProcessing(states({}, {}, { status: 'processed' }));
    expect(file.processing).toEqual({ outcome: 'processed', polls: 3 });
  });

  it('fault 75: a state that is no text is none', async () => {
    expect((await client().waitForProcessing(states({ status: 7 }))).processing.outcome).toBe('unknown');
  });

  it('fault 75: Together says Processed', async () => {
    const files = client({ dialect: 'together' });
    const id = states({ Processed: false }, { Processed: true });
    expect(await files.waitForProcessing(id)).toMatchObject({ status: 'processed', processing: { polls: 2 } });
  });

  it('a file that is never processed ends the wait after half an hour, and says that it may be yet', async () => {
    const error = await failureOf(client().waitForProcessing(states({ status: 'running' })), TimeoutError);
    expect(error).toMatchObject({ code: 'E_TIMEOUT_PROCESSING', timeoutMs: 1_800_000 });
    expect(error.message).toBe('file-1 was not processed within 1800 s; its state is running');
    expect(runtime.waits.reduce((sum, ms) => sum + ms, 0)).toBe(1_800_000);
  });

  it.each([-3_600_000, 3_600_000])('fault 62: a clock that jumps by %i ms changes nothing', async (jump) => {
    let looks = 0;
    const now = () => runtime.now() + jump * looks++;
    const files = createClientWith({ apiKey: SECRET_KEY, baseURL: server.url }, { ...runtime, now });
    const waiting = files.waitForProcessing(states({ status: 'running' }), { maxWait: 60_000 });
    const { attempts } = await failureOf(waiting, TimeoutError);
    expect(runtime.waits.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
    expect(attempts.every(({ durationMs }) => durationMs === 0)).toBe(true);
    server.faults.retrieve.unshift(answer(503));
    const info = await files.retrieveFileWithHttpInfo('file-1');
    expect(info.attempts).toMatchObject([
      { status: 503, durationMs: 0 },
      { status: 200, durationMs: 0 },
    ]);
  });

  it('a broken connection on the way does not end the wait, however long it has been', async () => {
    const id = states({ status: 'pending' });
    server.faults.retrieve.splice(300, 100, resetAfter(0), resetAfter(0), answer(500));
    const file = await client().waitForProcessing(id, { maxWait: 4_000_000 });
    expect(file.processing).toEqual({ outcome: 'processed', polls: 301 });
  });

  it('a file that is not there is an error', async () => {
    await failureOf(client().waitForProcessing('file-9'), NotFoundError);
  });

  it('an abort ends it between two looks, and a deadline too', async () => {
    const controller = new AbortController();
    const id = states({ status: 'pending' });
    const onPoll = () => controller.abort(new Error('enough'));
    const error = await failureOf(client().waitForProcessing(id, { signal: controller.signal, onPoll }), AbortedError);
    expect(error.cause).toMatchObject({ message: 'enough' });
    expect(server.requests('retrieve')).toHaveLength(1);
  });

  it.each([{ maxWait: 0 }, { maxWait: Number.NaN }, { pollInterval: -1 }])('%j is refused', async (options) => {
    await failureOf(client().waitForProcessing('file-1', options), ConfigError);
    expect(server.connections()).toBe(0);
  });
});

describe('an answer that leaves something out', () => {
  it('fault 20: bytes: null is accepted, and the size is checked with the first answer that tells it', async () => {
    const files = client();
    const untold: Fault = storeThen(({ json }, file) => json(200, { id: file.id, object: 'file', bytes: null }));
    server.faults.create.push(untold, untold);
    const good = await files.createFile(BYTES, 'fine-tune');
    expect(good.bytes).toBeNull();
    expect((await files.retrieveFile(good.id)).bytes).toBe(3);
    const bad = await files.createFile(BYTES, 'fine-tune');
    server.files.set(bad.id, { ...server.files.get(bad.id)!, bytes: 2 });
    const error = await failureOf(files.waitForProcessing(bad.id), IntegrityError);
    expect(error).toMatchObject({ fileId: bad.id, expected: 3, actual: 2 });
    // Told once: whoever goes on asking knows.
    expect((await files.retrieveFile(bad.id)).bytes).toBe(2);
  });

  it('fault 21: 201 with a Location is a success', async () => {
    server.faults.create.push(
      storeThen(({ json }, file) =>
        json(201, { id: file.id, object: 'file', bytes: 3, status: 'pending' }, { location: `${server.url}/files/x` }),
      ),
    );
    const info = await client().createFileWithHttpInfo(BYTES, 'fine-tune');
    expect(info).toMatchObject({ status: 201, data: { id: 'file-1', status: 'pending' } });
    expect(info.headers.location).toBe(`${server.url}/files/x`);
  });

  it('fault 22: a file that is in the state "error" at once is returned, with a warning', async () => {
    server.faults.create.push(
      storeThen(({ json }, file) => json(200, { id: file.id, object: 'file', bytes: 3, status: 'error' })),
    );
    const events: unknown[] = [];
    const file = await client().createFile(BYTES, 'fine-tune', { onEvent: (event) => events.push(event) });
    expect(file.status).toBe('error');
    expect(events.at(-1)).toMatchObject({ type: 'warning', message: expect.stringContaining('"error"') });
  });

  it('fault 23: 400 for the dataset: is final, and the words of the server are kept', async () => {
    const said =
      'Expected file to have JSONL format, where every line is a JSON dictionary. Line 1 is not a dictionary';
    server.faults.create.push(answer(400, errorBody(said, { type: 'invalid_request_error' })));
    const error = await failureOf(client().createFile(BYTES, 'fine-tune'), Error);
    expect(error).toMatchObject({ name: 'BadRequestError', status: 400, type: 'invalid_request_error', line: 1 });
    expect(error.message).toContain(said);
    expect(server.requests('create')).toHaveLength(1);
  });

  it('fault 27: 413: is final, and the hint tells the size', async () => {
    server.faults.create.push(answer(413, '<html><title>413 Request Entity Too Large</title></html>'));
    const error = await failureOf(client().createFile(BYTES, 'fine-tune'), Error);
    expect(error).toMatchObject({ name: 'RequestTooLargeError', hint: expect.stringMatching(/\d+ bytes/) });
    expect(server.requests('create')).toHaveLength(1);
  });

  it.each([415, 422])('fault 28: %i: is final', async (status) => {
    server.faults.create.push(answer(status));
    await failureOf(client().createFile(BYTES, 'fine-tune'), Error);
    expect(server.requests('create')).toHaveLength(1);
    expect(runtime.waits).toEqual([]);
  });
});
