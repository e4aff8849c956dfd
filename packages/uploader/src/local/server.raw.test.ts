import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalFilesServer, type LocalRequestEvent, startLocalFilesServer } from './index.js';
import { keptIn } from './kept-in.harness.js';

const LIMIT = 100_000;
const BOUNDARY = 'XBOUNDARYX';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const CONTENT = '{"messages":[]}\n';

let scratch: string;
let server: LocalFilesServer;
let events: LocalRequestEvent[];
let onEvent: () => void;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tunegate-test-'));
  events = [];
  onEvent = () => {};
  server = await startLocalFilesServer({
    directory: join(scratch, 'files'),
    maxFileBytes: LIMIT,
    onRequest: (event) => {
      events.push(event);
      onEvent();
    },
  });
});

afterEach(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

const part = (head: string, content = '') => `--${BOUNDARY}\r\nContent-Disposition: ${head}\r\n\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;
const PURPOSE = part('form-data; name="purpose"', 'fine-tune');
const FILE = part('form-data; name="file"; filename="a.jsonl"', CONTENT);
const FORM = `${PURPOSE}${FILE}${END}`;

interface RequestParts {
  method?: string;
  path?: string;
  /** `undefined` leaves a header out. */
  headers?: Readonly<Record<string, string | undefined>>;
  body?: string | Buffer;
}

function requestText({ method = 'POST', path = '/v1/files', headers = {}, body = '' }: RequestParts): Buffer {
  const all: Record<string, string | undefined> = {
    host: '127.0.0.1',
    authorization: 'Bearer sk-secret',
    connection: 'close',
    ...(method === 'POST' ? { 'content-type': TYPE, 'content-length': String(Buffer.byteLength(body)) } : {}),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), Buffer.from(body)]);
}

const open = async (): Promise<Socket> => {
  const socket = connect(server.port, '127.0.0.1');
  // A cut connection is what many of these tests are about.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

async function readAll(socket: Socket) {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  const text = Buffer.concat(chunks).toString('utf8');
  const [head = '', payload = ''] = text.split(/\r\n\r\n(?!HTTP)/);
  return { status: Number(/HTTP\/1\.1 (\d+)[^\n]*$/.exec(head.split('\r\n').at(0) ?? '')?.[1]), head, payload };
}

async function send(parts: RequestParts) {
  const socket = await open();
  socket.write(requestText(parts));
  const answer = await readAll(socket);
  return { ...answer, json: answer.payload === '' ? undefined : JSON.parse(answer.payload) };
}

const untilEvents = async (count: number) => {
  while (events.length < count) await new Promise<void>((resolve) => (onEvent = resolve));
};

async function expectNothingKept() {
  expect(await keptIn(server.directory)).toEqual([]);
  const { json } = await send({ method: 'GET' });
  expect(json).toEqual({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
}

describe('a request that does not arrive whole', () => {
  const cuts = [0, 5, 30, FORM.indexOf('fine-tune') + 3, FORM.indexOf(CONTENT) + 4, FORM.length - 5, FORM.length - 1];

  it.each(cuts)('leaves nothing behind when the connection is cut after %i bytes of the body', async (cut) => {
    const socket = await open();
    socket.write(requestText({ headers: { 'content-length': String(FORM.length) }, body: FORM.slice(0, cut) }));
    // The server has begun to read once it answers nothing: a second connection shows that it got that far.
    await send({ method: 'GET' });
    socket.destroy();
    await untilEvents(2);
    expect(events.at(-1)).toMatchObject({ method: 'POST', status: null });
    await expectNothingKept();
  });

  it('leaves nothing behind when the client only closes its half', async () => {
    const socket = await open();
    socket.end(requestText({ headers: { 'content-length': String(FORM.length + 1) }, body: FORM }));
    await readAll(socket);
    await untilEvents(1);
    await expectNothingKept();
  });

  it('keeps nothing of a chunked form that is complete when its last chunk is not', async () => {
    const socket = await open();
    const chunked = { 'content-length': undefined, 'transfer-encoding': 'chunked' };
    socket.write(requestText({ headers: chunked }));
    socket.write(`${FORM.length.toString(16)}\r\n${FORM}\r\n`);
    await send({ method: 'GET' });
    socket.destroy();
    await untilEvents(2);
    await expectNothingKept();
  });

  it('keeps nothing of a chunked body with a broken chunk', async () => {
    const socket = await open();
    socket.write(requestText({ headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }));
    socket.write(`${FORM.length.toString(16)}\r\n${FORM}\r\nzz\r\n`);
    expect((await readAll(socket)).status).toBe(400);
    await untilEvents(1);
    await expectNothingKept();
  });
});

describe('a request that arrives whole', () => {
  it('from a client that leaves at once is stored whole or not at all, and is done with', async () => {
    for (let round = 1; round <= 20; round += 1) {
      const socket = await open();
      const body = `${PURPOSE}${part('form-data; name="file"; filename="a"', 'x'.repeat(90_000))}${END}`;
      socket.write(requestText({ body }), () => socket.destroy());
      await untilEvents(round);
    }
    const { json } = await send({ method: 'GET' });
    const names = await keptIn(server.directory);
    expect(names.filter((name) => !/\.(data|json)$/.test(name))).toEqual([]);
    expect(names).toHaveLength(json.data.length * 2);
    expect(json.data.every((file: { bytes: number }) => file.bytes === 90_000)).toBe(true);
  });
});

describe('a form that is not one', () => {
  const cases: readonly (readonly [string, RequestParts, string | null])[] = [
    ['no closing boundary', { body: `${PURPOSE}${FILE}` }, null],
    ['half a closing boundary', { body: `${PURPOSE}${FILE}--${BOUNDARY}-` }, null],
    ['an empty body', { body: '' }, null],
    ['another boundary than announced', { body: FORM, headers: { 'content-type': `${TYPE}2` } }, null],
    ['no Content-Type', { body: FORM, headers: { 'content-type': undefined } }, null],
    ['no boundary', { body: FORM, headers: { 'content-type': 'multipart/form-data' } }, null],
    ['an overlong boundary', { body: FORM, headers: { 'content-type': `${TYPE}${'x'.repeat(70)}` } }, null],
    ['a JSON body', { body: '{}', headers: { 'content-type': 'application/json' } }, null],
    ['no purpose', { body: `${FILE}${END}` }, 'purpose'],
    ['no file', { body: `${PURPOSE}${END}` }, 'file'],
    ['an unknown purpose', { body: `${part('form-data; name="purpose"', 'fun')}${FILE}${END}` }, 'purpose'],
    ['two purposes', { body: `${PURPOSE}${PURPOSE}${FILE}${END}` }, 'purpose'],
    ['two files', { body: `${PURPOSE}${FILE}${FILE}${END}` }, 'file'],
    ['an unknown field', { body: `${PURPOSE}${FILE}${part('form-data; name="model"', 'x')}${END}` }, 'model'],
    ['a file without a file name', { body: `${PURPOSE}${part('form-data; name="file"', CONTENT)}${END}` }, 'file'],
    [
      'a purpose that is a file',
      { body: `${part('form-data; name="purpose"; filename="a"', 'fine-tune')}${FILE}${END}` },
      'purpose',
    ],
    ['an overlong field', { body: `${part('form-data; name="purpose"', 'x'.repeat(2000))}${FILE}${END}` }, 'purpose'],
    [
      'half an expiry',
      { body: `${PURPOSE}${FILE}${part('form-data; name="expires_after[anchor]"', 'created_at')}${END}` },
      'expires_after[seconds]',
    ],
    ['a part without Content-Disposition', { body: `${PURPOSE}${FILE}--${BOUNDARY}\r\nX: y\r\n\r\n\r\n${END}` }, null],
    ['a part without a complete head', { body: `${PURPOSE}${FILE}--${BOUNDARY}\r\nContent-Disp\r\n${END}` }, null],
    ['an attachment', { body: `${PURPOSE}${FILE}${part('attachment; name="x"')}${END}` }, null],
    [
      'an encoded part',
      {
        body: `${PURPOSE}${part('form-data; name="file"; filename="a"\r\nContent-Transfer-Encoding: base64', 'e30=')}${END}`,
      },
      null,
    ],
    ['40 parts', { body: `${PURPOSE.repeat(40)}${END}` }, null],
    [
      'a file named with a control character',
      { body: `${PURPOSE}${part('form-data; name="file"; filename="a\u001b[31m"', CONTENT)}${END}` },
      null,
    ],
    [
      'a file named ..',
      { body: `${PURPOSE}${part('form-data; name="file"; filename="../.."', CONTENT)}${END}` },
      'file',
    ],
  ];

  it.each(cases)('is refused with 400: %s', async (_, request, param) => {
    const { status, json, head } = await send(request);
    expect(status).toBe(400);
    expect(Object.keys(json.error)).toEqual(['message', 'type', 'param', 'code']);
    expect(json.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(head).toMatch(/content-type: application\/json/i);
    await expectNothingKept();
  });
});

describe('a form as other clients send it', () => {
  const upload = async (body: string | Buffer, headers: RequestParts['headers'] = {}) => {
    const { status, json } = await send({ body, headers });
    expect(status, JSON.stringify(json)).toBe(200);
    const { payload } = await send({ method: 'GET', path: `/v1/files/${json.id}/content` });
    expect(payload).toBe(CONTENT);
    return json;
  };
  const named = (parameters: string) => `${PURPOSE}${part(`form-data; name="file"; ${parameters}`, CONTENT)}${END}`;

  it('may name the file first, use bare tokens and have text around the form', async () => {
    const file = part('FORM-DATA;name=file;filename=a.jsonl', CONTENT);
    expect(await upload(`preamble\r\n${file}${PURPOSE}${END}epilogue`)).toMatchObject({ filename: 'a.jsonl' });
  });

  it('may hold what looks like its boundary', async () => {
    const content = `--${BOUNDARY}--\r\n--${BOUNDARY.slice(0, -1)}\r\n`;
    const { json } = await send({
      body: `${PURPOSE}${part('form-data; name="file"; filename="a"', ` ${content}`)}${END}`,
    });
    expect(json.bytes).toBe(content.length + 1);
  });

  it('may quote its boundary', async () => {
    await upload(FORM, { 'content-type': `Multipart/Form-Data; charset=utf-8; boundary="${BOUNDARY}"` });
  });

  it.each([
    ['filename="a%22b.jsonl"', 'a"b.jsonl'],
    ['filename="a\\"b.jsonl"', 'a"b.jsonl'],
    ['filename="x"; filename*=UTF-8\'\'%E2%82%AC.jsonl', '€.jsonl'],
    ['filename="../../etc/passwd"', 'passwd'],
    ['filename="C:\\data\\train.jsonl"', 'train.jsonl'],
  ])('may say %s', async (parameters, filename) => {
    expect((await upload(named(parameters))).filename).toBe(filename);
  });

  it('may come chunked, a byte a chunk, its epilogue last', async () => {
    const body = Array.from(`${FORM}x`, (character) => `1\r\n${character}\r\n`).join('');
    const socket = await open();
    socket.write(requestText({ headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }));
    socket.write(body);
    await send({ method: 'GET' });
    socket.write('0\r\n\r\n');
    const { payload } = await readAll(socket);
    expect(JSON.parse(payload)).toMatchObject({ bytes: CONTENT.length });
  });

  it('may wait for 100 Continue', async () => {
    const socket = await open();
    const whole = requestText({ headers: { expect: '100-continue' }, body: FORM });
    socket.write(whole.subarray(0, whole.length - FORM.length));
    expect(String(await once(socket, 'data'))).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(FORM);
    expect((await readAll(socket)).status).toBe(200);
  });
});

describe('a body over the limit', () => {
  const big = `${PURPOSE}${part('form-data; name="file"; filename="a"', 'x'.repeat(LIMIT))}${END}`;
  const tooLarge = (bytes: string) => ({
    error: {
      message: `Maximum content size limit (${LIMIT}) exceeded (${bytes} bytes read)`,
      type: 'server_error',
      param: null,
      code: null,
    },
  });

  it('is refused by its announced length, and a client that sends it all still reads the answer', async () => {
    const { status, json } = await send({ body: big });
    expect(status).toBe(413);
    expect(json).toEqual(tooLarge(String(big.length)));
    await expectNothingKept();
  });

  it('is read on after the answer, so that a client in the middle of sending is not cut off', async () => {
    const errors: Error[] = [];
    const socket = await open();
    socket.on('error', (error) => errors.push(error));
    const request = requestText({ body: big });
    socket.write(request.subarray(0, 1000));
    expect(String((await once(socket, 'data'))[0])).toContain('Maximum content size limit');
    await send({ method: 'GET' });
    expect(socket.readableEnded).toBe(false);
    socket.write(request.subarray(1000));
    await readAll(socket);
    expect(errors).toEqual([]);
    expect(events.at(-1)).toMatchObject({ method: 'POST', status: 413 });
  });

  it('is refused before a client that asks first has sent it', async () => {
    const socket = await open();
    socket.write(requestText({ headers: { expect: '100-continue', 'content-length': String(LIMIT + 1) } }));
    expect((await readAll(socket)).status).toBe(413);
  });

  it('is refused when its length shows only as it comes', async () => {
    const socket = await open();
    socket.write(requestText({ headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }));
    socket.write(`${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`);
    const { status, payload } = await readAll(socket);
    expect(status).toBe(413);
    expect(JSON.parse(payload).error.message).toMatch(
      /^Maximum content size limit \(100000\) exceeded \(\d+ bytes read\)$/,
    );
    await expectNothingKept();
  });

  it('takes exactly the limit', async () => {
    const frame = `${PURPOSE}${part('form-data; name="file"; filename="a"')}${END}`.length;
    const exact = `${PURPOSE}${part('form-data; name="file"; filename="a"', 'x'.repeat(LIMIT - frame))}${END}`;
    const { status, json } = await send({ body: exact });
    expect([exact.length, status, json.bytes]).toEqual([LIMIT, 200, LIMIT - frame]);
  });

  it('stops being read when it does not end', async () => {
    const socket = await open();
    socket.write(requestText({ headers: { 'content-length': String(LIMIT * 1000) } }));
    const answer = readAll(socket);
    const flood = Readable.from(Array.from({ length: 1000 }, () => Buffer.alloc(LIMIT)));
    flood.pipe(socket);
    expect((await answer).status).toBeOneOf([413, Number.NaN]);
    expect(socket.bytesWritten).toBeLessThan(LIMIT * 1000);
    await expectNothingKept();
  });
});

describe('keys, routes and methods', () => {
  it.each([
    ['no header', undefined, null],
    ['another scheme', 'Basic abc', 'invalid_api_key'],
    ['no key', 'Bearer', 'invalid_api_key'],
  ])('401 with %s', async (_, authorization, code) => {
    const { status, json } = await send({ method: 'GET', headers: { authorization } });
    expect(status).toBe(401);
    expect(json.error).toMatchObject({ type: 'invalid_request_error', param: null, code });
    expect((await send({ body: FORM, headers: { authorization } })).status).toBe(401);
    expect(await keptIn(server.directory)).toEqual([]);
  });

  it.each([
    ['GET', '/v1/file', 404],
    ['GET', '/files', 404],
    ['GET', '/v1/files/', 404],
    ['GET', '/v1/files/file-x/content/more', 404],
    ['GET', '/v1/files/..%2f..%2fetc%2fpasswd', 404],
    ['GET', '/v1/files/%zz', 404],
    ['GET', '//', 404],
    ['POST', '/v1/upload', 404],
    ['PUT', '/v1/files', 405],
    ['OPTIONS', '/v1/files', 405],
    ['DELETE', '/v1/files', 405],
    ['POST', '/v1/files/file-x', 405],
    ['DELETE', '/v1/files/file-x/content', 405],
    ['GET', '/v1/files?limit=0', 400],
    ['GET', '/v1/files?limit=10001', 400],
    ['GET', '/v1/files?limit=ten', 400],
    ['GET', '/v1/files?limit=', 400],
    ['GET', '/v1/files?order=newest', 400],
    ['GET', '/v1/files?limit=10000&order=asc&unknown=1', 200],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const answer = await send({ method, path });
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/^x-request-id: req_[0-9a-f]{32}\r$/m);
    expect(answer.head).toMatch(/^openai-processing-ms: \d+\r$/m);
    if (status !== 200) expect(Object.keys(answer.json.error)).toEqual(['message', 'type', 'param', 'code']);
    if (status === 405) expect(answer.head).toMatch(/^allow: (GET|POST|DELETE)/m);
  });

  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil@127.0.0.1',
    '10.0.0.1',
    '',
  ])('refuses a request for the host "%s", whatever it asks for', async (host) => {
    for (const request of [{ body: FORM }, { method: 'GET' }, { method: 'OPTIONS' }]) {
      const { status, json } = await send({ ...request, headers: { host } });
      expect({ status, code: json.error.code }).toEqual({ status: 421, code: 'misdirected_request' });
    }
    expect(await keptIn(server.directory)).toEqual([]);
  });

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:65535', '[::1]:80', 'files.localhost'])(
    'answers to the loopback name %s at any port',
    async (host) => {
      expect(await send({ method: 'GET', headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  it('answers HEAD with 405 and no body', async () => {
    expect(await send({ method: 'HEAD' })).toMatchObject({ status: 405, payload: '' });
  });
});

describe('the request log', () => {
  it('names each exchange and holds neither key, query nor content', async () => {
    await send({ body: FORM });
    await send({ method: 'GET', path: '/v1/files?after=file-secret' });
    expect(events).toEqual([
      {
        requestId: expect.stringMatching(/^req_/),
        method: 'POST',
        path: '/v1/files',
        operation: 'createFile',
        status: 200,
        durationMs: expect.any(Number),
      },
      {
        requestId: expect.stringMatching(/^req_/),
        method: 'GET',
        path: '/v1/files',
        operation: 'listFiles',
        status: 404,
        durationMs: expect.any(Number),
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/secret|messages|a\.jsonl/);
  });
});
