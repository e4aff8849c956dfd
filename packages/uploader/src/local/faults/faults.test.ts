import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultRule, type LocalFilesServer, type LocalRequestEvent, startLocalFilesServer } from '../index.js';

const CONTENT = '{"messages":[]}\n';
const FORM =
  '--B\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n' +
  `--B\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n${CONTENT}\r\n--B--\r\n`;
const NOW = Date.UTC(2026, 0, 1);

let server: LocalFilesServer;
let events: LocalRequestEvent[];

beforeEach(async () => {
  events = [];
  server = await startLocalFilesServer({ clock: () => NOW, onRequest: (event) => events.push(event) });
});

afterEach(() => server.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: string;
  /** What is sent; the head announces the whole form all the same. */
  readonly body?: string;
}

interface Seen {
  /** Status codes, those of interim responses included. */
  readonly statuses: readonly number[];
  readonly head: string;
  readonly body: string;
  readonly bytes: Buffer;
  /** How the connection ended. */
  readonly end: 'closed' | 'reset';
}

/** One request on a connection of its own; whatever comes until the connection ends. */
async function exchange({ method = 'POST', path = '/v1/files', headers = '', body = FORM }: Sent): Promise<Seen> {
  const socket = connect(server.port, '127.0.0.1');
  let end: Seen['end'] = 'closed';
  socket.on('error', () => {
    end = 'reset';
  });
  const form =
    method === 'POST' ? `content-type: multipart/form-data; boundary=B\r\ncontent-length: ${FORM.length}\r\n` : '';
  const head = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer sk-echo\r\n`;
  socket.write(`${head}${headers}${form}\r\n${method === 'POST' ? body : ''}`);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((done) => socket.once('close', done));
  return parse(Buffer.concat(chunks), end);
}

function parse(bytes: Buffer, end: Seen['end']): Seen {
  const statuses: number[] = [];
  let rest = bytes;
  let head = '';
  while (rest.subarray(0, 5).toString() === 'HTTP/') {
    const headEnd = rest.indexOf('\r\n\r\n');
    head = rest.subarray(0, headEnd).toString().toLowerCase();
    const status = Number(head.slice(9, 12));
    statuses.push(status);
    rest = rest.subarray(headEnd + 4);
    if (status >= 200) break;
  }
  return { statuses, head, body: rest.toString(), bytes: rest, end };
}

/** RFC 9112, section 7.1. */
function dechunk(bytes: Buffer): Buffer {
  const start = bytes.indexOf('\r\n') + 2;
  const length = Number.parseInt(bytes.subarray(0, start).toString(), 16);
  if (length === 0) return Buffer.alloc(0);
  return Buffer.concat([bytes.subarray(start, start + length), dechunk(bytes.subarray(start + length + 2))]);
}

const create = (sent: Sent = {}) => exchange(sent);
const get = (path: string, headers = '') => exchange({ method: 'GET', path, headers });
const list = async (query = '') => JSON.parse((await get(`/v1/files${query}`)).body);
const store = async (): Promise<string> => JSON.parse((await create()).body).id;
const fault = (rule: FaultRule) => server.addFaults(rule);

describe('a fault plan', () => {
  it('is a queue: each request takes the first rule that is for it', async () => {
    fault({ on: 'createFile', fault: { kind: 'answer', status: 500 } });
    fault({ on: 'createFile', times: 2, fault: { kind: 'answer', status: 503 } });
    fault({ on: 'listFiles', nth: 2, fault: { kind: 'answer', status: 401 } });
    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push(...(await create()).statuses);
    expect(statuses).toEqual([500, 503, 503, 200]);
    expect([(await get('/v1/files')).statuses, (await get('/v1/files')).statuses]).toEqual([[200], [401]]);
    expect(events.map((event) => event.fault ?? '')).toEqual(['answer', 'answer', 'answer', '', '', 'answer']);
  });

  it('takes requests by method and path, for ever if asked, until it is cleared', async () => {
    const id = await store();
    fault({ method: 'GET', path: '/v1/files/*', times: 'always', fault: { kind: 'answer', status: 404 } });
    expect((await get(`/v1/files/${id}`)).statuses).toEqual([404]);
    expect((await get(`/v1/files/${id}/content`)).statuses).toEqual([404]);
    expect((await get('/v1/files')).statuses).toEqual([200]);
    server.clearFaults();
    expect((await get(`/v1/files/${id}`)).statuses).toEqual([200]);
  });

  it('takes a share of the requests by the random numbers that it is given', async () => {
    await server.close();
    const numbers = [0.9, 0.1, 0.5];
    server = await startLocalFilesServer({
      faults: [{ times: 'always', chance: 0.5, fault: { kind: 'answer', status: 500 } }],
      random: () => numbers.shift() ?? 1,
    });
    const seen = [await create(), await create(), await create()];
    expect(seen.flatMap(({ statuses }) => statuses)).toEqual([200, 500, 200]);
  });
});

describe('a broken connection', () => {
  it.each(['reset', 'close'] as const)('is a %s as soon as it is made', async (how) => {
    fault({ on: 'connection', fault: { kind: 'cut', how } });
    expect(await create()).toMatchObject({ statuses: [] });
    expect((await create()).statuses).toEqual([200]);
  });

  it('is reset before the answer, after some of the body, or after all of it, and nothing is stored', async () => {
    for (const afterBytes of [0, 20, 'all'] as const) fault({ on: 'createFile', fault: { kind: 'cut', afterBytes } });
    for (let count = 0; count < 3; count += 1) expect(await create()).toMatchObject({ statuses: [], end: 'reset' });
    expect((await list()).data).toEqual([]);
  });

  it('is closed in good order', async () => {
    fault({ on: 'createFile', fault: { kind: 'cut', how: 'close', afterBytes: 'all' } });
    expect(await create()).toMatchObject({ statuses: [], end: 'closed' });
  });

  it('loses the answer of an upload that is stored', async () => {
    fault({ on: 'createFile', fault: { kind: 'lose-answer' } });
    fault({ on: 'createFile', fault: { kind: 'lose-answer', how: 'reset', afterBytes: 5 } });
    expect(await create()).toMatchObject({ statuses: [], end: 'closed' });
    expect(await create()).toMatchObject({ statuses: [200], body: '{"id"' });
    expect((await list()).data).toHaveLength(2);
  });

  it('stays open without a word until the client gives up, and close() does not wait for it', async () => {
    fault({ on: 'createFile', fault: { kind: 'lose-answer', how: 'silence' } });
    fault({ on: 'createFile', fault: { kind: 'stall', afterBytes: 10 } });
    const silent = [create(), create()];
    while ((await list()).data.length === 0);
    await server.close();
    expect((await Promise.all(silent)).flatMap(({ statuses }) => statuses)).toEqual([]);
  });
});

describe('an answer', () => {
  it('says what it is told, with headers and a time to wait', async () => {
    fault({ fault: { kind: 'answer', status: 429, retryAfter: { date: 30 }, dateSkewMs: 86_400_000 } });
    fault({ fault: { kind: 'answer', status: 429, retryAfter: { ms: 250 }, headers: { 'x-should-retry': 'false' } } });
    fault({ fault: { kind: 'answer', status: 400, body: { error: { message: 'no', code: 'c' } } } });
    fault({ fault: { kind: 'answer', status: 502, body: { html: '502 Bad Gateway' } } });
    const skewed = await create();
    expect(skewed.head).toContain('date: fri, 02 jan 2026 00:00:00 gmt');
    expect(skewed.head).toContain('retry-after: fri, 02 jan 2026 00:00:30 gmt');
    const advised = (await create()).head;
    expect([advised.includes('retry-after-ms: 250'), advised.includes('x-should-retry: false')]).toEqual([true, true]);
    expect(JSON.parse((await create()).body)).toEqual({
      error: { message: 'no', type: 'invalid_request_error', param: null, code: 'c' },
    });
    expect(await create()).toMatchObject({ statuses: [502], body: expect.stringContaining('<title>502 Bad Gateway') });
    expect((await list()).data).toEqual([]);
  });

  it('can hide that the request took effect', async () => {
    fault({ on: 'createFile', fault: { kind: 'answer', status: 504, takeEffect: true } });
    expect((await create()).statuses).toEqual([504]);
    expect((await list()).data).toHaveLength(1);
  });

  it.each(['close', 'reset'] as const)('comes before the body, then %s', async (then) => {
    fault({ on: 'createFile', fault: { kind: 'answer', status: 413, afterBytes: 1, then } });
    // A reset that is seen together with the answer before it is reported as an end by libuv.
    expect(await create({ body: FORM.slice(0, 50) })).toMatchObject({ statuses: [413] });
  });

  it('comes before the body, which is read on', async () => {
    fault({ on: 'createFile', fault: { kind: 'answer', status: 200, afterBytes: 1 } });
    const socket = connect(server.port, '127.0.0.1');
    const head = 'POST /v1/files HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n';
    socket.write(`${head}x`);
    const [answered] = await once(socket, 'data');
    expect(String(answered)).toMatch(/^HTTP\/1.1 200/);
    const ended = once(socket, 'close');
    socket.write('x'.repeat(999_999));
    await ended;
    expect(events.at(0)?.status).toBe(200);
  });

  it.each([
    ['truncated-json', /^\{"id"[^}]*$/],
    ['html', /^<html>/],
    ['empty', /^$/],
    ['array', /^\[\]$/],
    ['list', /"object":"list"/],
    ['wrong-object', /"object":"assistant"/],
    ['no-id', /^\{"object":"file"/],
    ['null', /^null$/],
    ['not-json', /^OK$/],
  ] as const)('is garbled: %s, and the file is stored', async (as, body) => {
    fault({ on: 'createFile', fault: { kind: 'garble', as } });
    expect(await create()).toMatchObject({ statuses: [200], body: expect.stringMatching(body) });
    expect((await list()).data).toHaveLength(1);
  });

  it('is altered: fields, entries of a list, status and headers', async () => {
    fault({
      on: 'createFile',
      fault: { kind: 'alter', status: 201, headers: { location: '/x' }, set: { bytes: null } },
    });
    fault({
      on: 'listFiles',
      fault: { kind: 'alter', omit: ['object'], omitInList: ['status'], setInList: { bytes: 7 } },
    });
    const created = await create();
    expect(created).toMatchObject({ statuses: [201], head: expect.stringContaining('location: /x') });
    expect(JSON.parse(created.body)).toMatchObject({ bytes: null, filename: 'a.jsonl' });
    const { object, data } = await list();
    expect([object, data[0].bytes, 'status' in data[0]]).toEqual([undefined, 7, false]);
  });

  it('redirects, and keeps what came to itself', async () => {
    fault({ on: 'createFile', fault: { kind: 'redirect', status: 307, location: 'file:///etc/passwd' } });
    fault({ on: 'createFile', fault: { kind: 'redirect', location: 'loop' } });
    expect(await create()).toMatchObject({ statuses: [307], head: expect.stringContaining('location: file:///etc') });
    expect(await create()).toMatchObject({ statuses: [302], head: expect.stringContaining('location: /v1/files') });
    expect((await list()).data).toEqual([]);
  });

  it.each([100, 103] as const)('follows responses of status %d that nobody asked for', async (status) => {
    fault({ on: 'createFile', fault: { kind: 'interim', status, times: 2 } });
    expect((await create()).statuses).toEqual([status, status, 200]);
  });

  it('comes late', async () => {
    fault({ on: 'createFile', fault: { kind: 'delay', ms: 1 } });
    expect((await create()).statuses).toEqual([200]);
  });

  it('shows the key', async () => {
    fault({ fault: { kind: 'echo-key' } });
    expect(await create()).toMatchObject({ statuses: [401], body: expect.stringContaining('provided: sk-echo.') });
  });

  it('comes a byte at a time, or packed', async () => {
    fault({ on: 'createFile', fault: { kind: 'pace', as: 'slow', everyMs: 0 } });
    fault({ on: 'listFiles', fault: { kind: 'pace', as: 'gzip' } });
    const id = JSON.parse((await create()).body).id;
    const packed = await get('/v1/files');
    expect(packed.head).toContain('content-encoding: gzip');
    expect(JSON.parse(gunzipSync(dechunk(packed.bytes)).toString()).data[0].id).toBe(id);
  });

  it('never ends', async () => {
    fault({ on: 'listFiles', fault: { kind: 'pace', as: 'endless', status: 500 } });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer k\r\n\r\n');
    let bytes = 0;
    for await (const chunk of socket) {
      bytes += chunk.length;
      if (bytes > 1_000_000) break;
    }
    expect(bytes).toBeGreaterThan(1_000_000);
  });
});

describe('a listing', () => {
  it.each([
    ['empty-page', { data: 0, has_more: true }],
    ['hide-newest', { data: 1, has_more: false }],
    ['hide-all', { data: 0, has_more: false }],
    ['crowd', { data: 10_002, has_more: false }],
  ] as const)('is wrong: %s', async (as, expected) => {
    await store();
    await store();
    fault({ on: 'listFiles', fault: { kind: 'listing', as } });
    const { data, has_more } = await list();
    expect({ data: data.length, has_more }).toEqual(expected);
    expect((await list()).data).toHaveLength(2);
  });

  it('hides the newest file, whatever the order', async () => {
    const [older, newer] = [await store(), await store()];
    fault({ on: 'listFiles', times: 2, fault: { kind: 'listing', as: 'hide-newest' } });
    const ids = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    expect([ids(await list('?order=desc')), ids(await list('?order=asc'))]).toEqual([[older], [older]]);
    expect(ids(await list())).toEqual([newer, older]);
  });

  it('gives the first page again and again, everything at once, or no object', async () => {
    const [older, newer] = [await store(), await store()];
    fault({ on: 'listFiles', fault: { kind: 'listing', as: 'repeated-page' } });
    fault({ on: 'listFiles', fault: { kind: 'listing', as: 'unpaged' } });
    fault({ on: 'listFiles', fault: { kind: 'listing', as: 'no-object' } });
    expect(await list(`?limit=1&after=${newer}`)).toMatchObject({ last_id: newer, has_more: true });
    expect(await list(`?limit=1&after=${newer}`)).toMatchObject({ data: [{}, { id: older }], has_more: false });
    expect(await list()).not.toHaveProperty('object');
  });

  it('shows files under other names, and takes its long ids back', async () => {
    const id = await store();
    fault({ times: 'always', fault: { kind: 'rewrite', addBytes: 3 } });
    const [file] = (await list()).data;
    expect(file).toMatchObject({ filename: 'modified_file.jsonl', bytes: CONTENT.length + 3 });
    expect(file.id.length).toBeGreaterThan(280);
    expect((await get(`/v1/files/${file.id}/content`)).body).toBe(CONTENT);
    server.clearFaults();
    expect((await list()).data[0].id).toBe(id);
  });
});

describe('a deletion', () => {
  it.each([
    ['no-content', 204, /^$/],
    ['file-object', 200, /"filename":"a\.jsonl"/],
    ['not-found', 404, /No such File object/],
  ] as const)('works, and answers with %s', async (as, status, body) => {
    const id = await store();
    fault({ on: 'deleteFile', fault: { kind: 'deletion', as } });
    expect(await exchange({ method: 'DELETE', path: `/v1/files/${id}` })).toMatchObject({
      statuses: [status],
      body: expect.stringMatching(body),
    });
    expect((await list()).data).toEqual([]);
  });
});

describe('a download', () => {
  const download = async (
    as: 'short' | 'short-length' | 'long' | 'wrong-bytes' | 'no-range' | 'wrong-range',
    range = '',
  ) => {
    const id = await store();
    fault({ on: 'downloadFile', fault: { kind: 'download', as, bytes: 3 } });
    return get(`/v1/files/${id}/content`, range === '' ? '' : `range: ${range}\r\n`);
  };

  it('ends early, is short, long, or has another byte', async () => {
    const { length } = CONTENT;
    const short = await download('short');
    expect([short.body, short.head.includes(`content-length: ${length}`)]).toEqual([CONTENT.slice(0, -3), true]);
    const shorter = await download('short-length');
    expect([shorter.body, shorter.head.includes(`content-length: ${length - 3}`)]).toEqual([
      CONTENT.slice(0, -3),
      true,
    ]);
    expect((await download('long')).body).toBe(`${CONTENT}\n\n\n`);
    expect((await download('wrong-bytes')).body).toBe(`${CONTENT.slice(0, -1)}\v`);
  });

  it('knows no ranges, or gives the wrong one', async () => {
    expect(await download('no-range', 'bytes=5-')).toMatchObject({ statuses: [200], body: CONTENT });
    expect(await download('wrong-range', 'bytes=5-')).toMatchObject({ statuses: [206], body: CONTENT.slice(0, -5) });
  });

  it('comes with a hostile name or another tag', async () => {
    const id = await store();
    fault({ on: 'downloadFile', fault: { kind: 'download', as: 'file-name' } });
    fault({ on: 'downloadFile', fault: { kind: 'download', as: 'etag' } });
    expect((await get(`/v1/files/${id}/content`)).head).toContain('filename="../../etc/passwd"');
    expect((await get(`/v1/files/${id}/content`)).head).not.toContain(id.toLowerCase());
  });
});
