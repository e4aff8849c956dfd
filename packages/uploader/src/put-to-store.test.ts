import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../../../test-fixtures/src/sha256.js';
import { failureOf, SECRET_KEY } from '../../../test-fixtures/src/shown-errors.js';
import { createTestRuntime } from '../../../test-fixtures/src/test-runtime.js';
import { RedirectError } from './api-errors.js';
import { createClientWith } from './client.js';
import { AbortedError, ConfigError, IntegrityError, ProtocolError } from './errors.js';
import type { UploadEvent } from './events.js';
import { FileChangedError } from './file-errors.js';

const CONTENT = Buffer.from('{"messages":[]}\n'.repeat(50_000));
const FILE = { bytes: CONTENT, filename: 'train.jsonl' };
const ID = 'file-30b2f515';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>;

interface Received {
  readonly where: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly isComplete: boolean;
}

let api: Server;
let store: Server;
let runtime: ReturnType<typeof createTestRuntime>;
let received: Received[];
/** What the next requests to a place are answered with, before the server behaves again. */
let faults: Record<string, Answer[]>;
let events: UploadEvent[];

/** An API and a store on two origins, as Together has them. */
beforeEach(async () => {
  runtime = createTestRuntime();
  received = [];
  faults = {};
  events = [];
  store = await listening((_request, response) => void response.writeHead(200).end());
  api = await listening((request, response) => {
    if (request.url === '/v1/files') {
      response.writeHead(302, {
        location: `${origin(store)}/bucket/key?signature=s3cr3t-s1gnature`,
        'x-together-file-id': ID,
      });
      response.end();
    } else {
      const file = {
        id: ID,
        object: 'file',
        bytes: CONTENT.length,
        filename: 'train.jsonl',
        Processed: true,
        LineCount: 0,
      };
      response.end(JSON.stringify(file));
    }
  });
});

afterEach(async () => {
  for (const server of [api, store]) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function listening(behave: Answer): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    const where = `${request.method} ${request.url?.split('?')[0]}`;
    const note = { where, headers: request.headers, body: Buffer.alloc(0), isComplete: false };
    received.push(note);
    response.on('error', () => {});
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    note.body = Buffer.concat(chunks);
    note.isComplete = request.complete;
    await (faults[where]?.shift() ?? behave)(request, response, note.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

const origin = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function client() {
  return createClientWith({ apiKey: SECRET_KEY, baseURL: `${origin(api)}/v1`, dialect: 'together' }, runtime);
}

const upload = (signal?: AbortSignal) =>
  client().createFile(FILE, 'fine-tune', { onEvent: (event) => events.push(event), ...(signal && { signal }) });

const ASK = 'POST /v1/files';
const PUT = 'PUT /bucket/key';
const DONE = `POST /v1/files/${ID}/preprocess`;
const status =
  (code: number): Answer =>
  (_request, response) =>
    void response.writeHead(code).end('no');
const cut: Answer = ({ socket }) => void socket.destroy();

describe('an upload by way of a store', () => {
  it('asks where the file goes, puts it there, and reports it', async () => {
    const file = await upload();
    expect(received.map(({ where }) => where)).toEqual([ASK, PUT, DONE]);
    expect(file).toMatchObject({ id: ID, status: 'processed', bytes: CONTENT.length, LineCount: 0 });
    expect(file.upload).toMatchObject({ sha256: sha256Of(CONTENT), recovered: false, possibleDuplicates: [] });
    const [asked, put] = received;
    expect(asked?.body.toString()).toBe('purpose=fine-tune&file_name=train.jsonl&file_type=jsonl');
    expect(sha256Of(put?.body ?? '')).toBe(sha256Of(CONTENT));
    expect(put?.headers['content-length']).toBe(String(CONTENT.length));
  });

  it('the store gets none of our headers', async () => {
    await upload();
    expect(received[0]?.headers.authorization).toBe(`Bearer ${SECRET_KEY}`);
    expect(Object.keys(received[1]?.headers ?? {}).sort()).toEqual(
      ['accept', 'connection', 'content-length', 'content-type', 'host', 'user-agent'].sort(),
    );
    expect(JSON.stringify(received[1]?.headers)).not.toContain(SECRET_KEY);
  });

  it('every step is tried again; to put the file there twice leaves one', async () => {
    faults = { [ASK]: [cut, status(429)], [PUT]: [cut, status(503), status(500)], [DONE]: [status(502), cut] };
    expect((await upload()).id).toBe(ID);
    expect(received.filter(({ where }) => where === PUT)).toHaveLength(4);
    expect(events.map(({ type }) => type)).not.toContain('ambiguous');
  });

  it('G3: an id that no path can hold, or a description of another file, is an answer that makes no sense', async () => {
    const location = `${origin(store)}/bucket/key`;
    faults = {
      [ASK]: [(_request, response) => void response.writeHead(302, { location, 'x-together-file-id': 'a/../b' }).end()],
    };
    await failureOf(upload(), ProtocolError);
    const other = JSON.stringify({ id: 'file-other', object: 'file', bytes: CONTENT.length });
    faults = {
      [DONE]: [(_request, response) => void response.end('{}')],
      [`GET /v1/files/${ID}`]: [(_request, response) => void response.end(other)],
    };
    await failureOf(upload(), ProtocolError);
  });

  it('a store that refuses ends it, without the signature in any text', async () => {
    faults = { [PUT]: [status(403)] };
    const error = await failureOf(upload(), Error);
    expect(error).toMatchObject({ name: 'PermissionDeniedError', status: 403 });
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('s3cr3t');
    expect(events.at(-1)).toEqual({
      type: 'warning',
      message: `${ID} was begun and is not complete: it can be deleted`,
    });
  });

  it('a file that changes is not completed at the store', async () => {
    const bytes = Buffer.from(CONTENT);
    faults = {
      [ASK]: [
        (_request, response) => {
          bytes[bytes.length - 2] = 0;
          response.writeHead(302, { location: `${origin(store)}/bucket/key`, 'x-together-file-id': ID }).end();
        },
      ],
    };
    await failureOf(client().createFile({ bytes, filename: 'train.jsonl' }, 'fine-tune'), FileChangedError);
    await expect.poll(() => received.length).toBe(2);
    expect(received[1]).toMatchObject({ where: PUT, isComplete: false });
  });

  it.each([
    ['http: to another machine', 'http://store.example.com/key'],
    ['another protocol', 'file:///etc/passwd'],
    ['a user name', 'https://user:pass@store.example.com/key'],
  ])('41: an address with %s is not followed', async (_name, location) => {
    faults = {
      [ASK]: [(_request, response) => void response.writeHead(302, { location, 'x-together-file-id': ID }).end()],
    };
    await failureOf(upload(), RedirectError);
    expect(received).toHaveLength(1);
  });

  it.each([
    ['a redirect without an id', 302, { location: 'https://store.example.com' }, RedirectError],
    ['a file object, as a server like OpenAI gives', 200, {}, ProtocolError],
  ] as const)('%s is an error', async (_name, code, headers, Kind) => {
    faults = { [ASK]: [(_request, response) => void response.writeHead(code, headers).end('{"id":"file-1"}')] };
    expect(await failureOf(upload(), Error)).toBeInstanceOf(Kind);
    expect(received).toHaveLength(1);
  });

  it('67: an id that could lead elsewhere is refused', async () => {
    const headers = { location: `${origin(store)}/k`, 'x-together-file-id': '../models' };
    faults = { [ASK]: [(_request, response) => void response.writeHead(302, headers).end()] };
    await failureOf(upload(), ProtocolError);
  });

  it('a report without a file object is followed by a look at the file', async () => {
    faults = { [DONE]: [(_request, response) => void response.end('')] };
    expect((await upload()).id).toBe(ID);
    expect(received.at(-1)?.where).toBe(`GET /v1/files/${ID}`);
  });

  it('fault 19: another size is an error that names the file', async () => {
    faults = { [DONE]: [(_request, response) => void response.end(JSON.stringify({ id: ID, bytes: 7 }))] };
    expect(await failureOf(upload(), IntegrityError)).toMatchObject({
      fileId: ID,
      expected: CONTENT.length,
      actual: 7,
    });
  });

  it('57: an abort names the entry that was begun', async () => {
    const controller = new AbortController();
    faults = { [PUT]: [() => controller.abort()] };
    const error = await failureOf(upload(controller.signal), AbortedError);
    expect(error).toMatchObject({ fileId: ID, message: expect.stringContaining('not complete') });
  });

  it('knows no expiry', async () => {
    const expiresAfter = { anchor: 'created_at', seconds: 3600 } as const;
    await failureOf(client().createFile(FILE, 'fine-tune', { expiresAfter }), ConfigError);
    expect(received).toHaveLength(0);
  });
});
