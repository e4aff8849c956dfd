import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import {
  behaveAsUploads,
  createUploadsStore,
  type UploadOperation,
  type UploadsStore,
  uploadOperation,
} from './fault-uploads.js';

/**
 * A Files API on loopback that does what it is told, mostly wrong. It reads multipart by itself, so that what the
 * uploader writes is judged by somebody else.
 */
export interface FaultServer {
  /** Base URL, `/v1` included. */
  readonly url: string;
  readonly files: Map<string, StoredFile>;
  /** Every request, in order of arrival. */
  readonly received: ReceivedRequest[];
  /** What the next uploads, listings, … do; when a queue is empty the server behaves. */
  readonly faults: Record<Operation, Fault[]>;
  /** What the Uploads API holds; without `hasUploads` every request to it is a 404. */
  readonly uploadsStore: UploadsStore;
  /** In seconds. */
  uploadLifetime: number;
  hasUploads: boolean;
  /** How many connections were made so far. */
  readonly connections: () => number;
  requests(operation: Operation): ReceivedRequest[];
  /** Stores a file as an upload would. */
  store(form: Partial<StoredFile>): StoredFile;
  close(): Promise<void>;
}

export type Operation = 'create' | 'list' | 'retrieve' | 'delete' | 'content' | UploadOperation;

export interface StoredFile {
  id: string;
  bytes: number | null;
  created_at: number;
  filename: string;
  purpose: string;
  status?: string;
  content?: Buffer;
  fields?: Record<string, string>;
  contentType?: string;
}

export interface ReceivedRequest {
  readonly operation: Operation | 'other';
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the body that arrived. */
  bodyBytes: number;
  /** The whole body arrived, as HTTP counts it. */
  isComplete: boolean;
}

/** One request in the hands of a fault. */
export interface Exchange {
  readonly server: FaultServer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** The whole body. */
  readBody(): Promise<Buffer>;
  /** Waits until about that many bytes of the body have arrived, and reads no more. */
  readSome(bytes: number): Promise<void>;
  /** Reads the whole body and keeps the file, as a good server does. */
  readAndStore(): Promise<StoredFile>;
  json(status: number, value: unknown, headers?: Record<string, string>): void;
  /** The right answer. */
  behave(): Promise<void>;
}

export type Fault = (exchange: Exchange) => void | Promise<void>;

export async function startFaultServer(): Promise<FaultServer> {
  const files = new Map<string, StoredFile>();
  const received: ReceivedRequest[] = [];
  const faults: FaultServer['faults'] = {
    create: [],
    list: [],
    retrieve: [],
    delete: [],
    content: [],
    upload: [],
    part: [],
    complete: [],
    cancel: [],
  };
  const sockets = new Set<Socket>();
  let connections = 0;
  let count = 0;

  const http = createServer({ requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
    const { operation, id, query } = route(request);
    const note: ReceivedRequest = {
      operation,
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      bodyBytes: 0,
      isComplete: false,
    };
    received.push(note);
    request.on('error', () => {});
    response.on('error', () => {});
    const exchange = exchangeOf(server, request, response, note, () => behave(exchange, operation, id, query));
    const fault = operation === 'other' ? undefined : faults[operation].shift();
    Promise.resolve(fault === undefined ? exchange.behave() : fault(exchange)).catch(() => request.socket.destroy());
  });
  http.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  // A client that breaks off is what many tests are about.
  http.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));

  const server: FaultServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    files,
    received,
    faults,
    uploadsStore: createUploadsStore(),
    uploadLifetime: 3600,
    hasUploads: false,
    connections: () => connections,
    requests: (operation) => received.filter((it) => it.operation === operation),
    store(form) {
      count++;
      const file: StoredFile = {
        id: `file-${count}`,
        bytes: form.content?.length ?? 0,
        created_at: 1_700_000_000 + count,
        filename: 'train.jsonl',
        purpose: 'fine-tune',
        ...form,
      };
      files.set(file.id, file);
      return file;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => http.close(() => closed()));
    },
  };
  return server;
}

function exchangeOf(
  server: FaultServer,
  request: IncomingMessage,
  response: ServerResponse,
  note: ReceivedRequest,
  behaveNow: () => Promise<void>,
): Exchange {
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer) => {
    chunks.push(chunk);
    note.bodyBytes += chunk.length;
  };
  const readRest = async () => {
    for await (const chunk of request) keep(chunk as Buffer);
    note.isComplete = request.complete;
    return Buffer.concat(chunks);
  };
  let whole: Promise<Buffer> | undefined;
  const readBody = () => {
    whole ??= readRest();
    return whole;
  };
  const json: Exchange['json'] = (status, value, headers = {}) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-1', ...headers });
    response.end(text);
  };
  return {
    server,
    request,
    response,
    socket: request.socket,
    readBody,
    readSome: (bytes) =>
      new Promise((done) => {
        const onData = (chunk: Buffer) => {
          keep(chunk);
          if (note.bodyBytes < bytes) return;
          request.off('data', onData);
          request.pause();
          done();
        };
        request.on('data', onData);
      }),
    async readAndStore() {
      const parts = parseMultipart(await readBody(), request.headers['content-type'] ?? '');
      const file = parts.find((part) => part.filename !== undefined);
      if (file === undefined) throw new Error('no file part');
      const fields: Record<string, string> = {};
      for (const part of parts) if (part !== file) fields[part.name] = part.content.toString();
      return server.store({
        filename: file.filename ?? '',
        content: file.content,
        bytes: file.content.length,
        purpose: fields.purpose ?? '',
        fields,
        ...(file.contentType === undefined ? {} : { contentType: file.contentType }),
      });
    },
    json,
    behave: behaveNow,
  };
}

function route(request: IncomingMessage): { operation: Operation | 'other'; id: string; query: URLSearchParams } {
  const url = new URL(request.url ?? '/', 'http://server');
  const [, version, files, id = '', content] = url.pathname.split('/');
  const query = url.searchParams;
  const { method } = request;
  const at = (operation: Operation | 'other') => ({ operation, id: decodeURIComponent(id), query });
  if (version === 'v1' && files === 'uploads') return at(uploadOperation(method, id, content ?? '') ?? 'other');
  if (version !== 'v1' || files !== 'files') return at('other');
  if (id === '') return at(method === 'POST' ? 'create' : method === 'GET' ? 'list' : 'other');
  if (content === 'content') return at('content');
  return at(method === 'GET' ? 'retrieve' : method === 'DELETE' ? 'delete' : 'other');
}

async function behave(
  exchange: Exchange,
  operation: Operation | 'other',
  id: string,
  query: URLSearchParams,
): Promise<void> {
  const { server, json, response } = exchange;
  const file = server.files.get(id);
  const missing = () =>
    json(404, errorBody(`No such File object: ${id}`, { type: 'invalid_request_error', param: 'id', code: null }));
  switch (operation) {
    case 'create': {
      json(200, fileObject(await exchange.readAndStore()));
      return;
    }
    case 'list': {
      const data = [...server.files.values()]
        .filter((it) => (query.get('purpose') ?? it.purpose) === it.purpose)
        .sort((a, b) => b.created_at - a.created_at);
      const from = data.findIndex((it) => it.id === query.get('after')) + 1;
      const limit = Number(query.get('limit') ?? 10_000);
      const page = data.slice(from, from + limit).map(fileObject);
      const ends = { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
      json(200, { object: 'list', data: page, ...ends, has_more: from + limit < data.length });
      return;
    }
    case 'retrieve':
      if (file === undefined) missing();
      else json(200, fileObject(file));
      return;
    case 'delete':
      if (file === undefined) return missing();
      server.files.delete(id);
      json(200, { id, object: 'file', deleted: true });
      return;
    case 'content':
      if (file === undefined) return missing();
      response.writeHead(200, { 'content-length': file.content?.length ?? 0 });
      response.end(file.content);
      return;
    case 'upload':
    case 'part':
    case 'complete':
    case 'cancel':
      if (server.hasUploads) await behaveAsUploads(exchange, operation, id);
      else await invalidUrl(exchange);
      return;
    default:
      await invalidUrl(exchange);
  }
}

async function invalidUrl({ readBody, json }: Exchange): Promise<void> {
  // Read first: an answer before the body, and a close behind it, can meet as a reset on the other side.
  await readBody();
  json(404, errorBody('Invalid URL'));
}

export function fileObject(file: StoredFile): Record<string, unknown> & { id: string } {
  const { id, bytes, created_at, filename, purpose } = file;
  return { id, object: 'file', bytes, created_at, filename, purpose, status: file.status ?? 'processed' };
}

export function errorBody(
  message: string,
  more: { type?: string; param?: string | null; code?: string | null } = {},
): Record<string, unknown> {
  return { error: { message, type: 'server_error', param: null, code: null, ...more } };
}

/** Answers with a status and a body as soon as the whole request is in. */
export function answer(status: number, body: unknown = errorBody('no'), headers: Record<string, string> = {}): Fault {
  return async ({ readBody, json }) => {
    await readBody();
    json(status, body, headers);
  };
}

/** Answers at once, before the body, and goes on reading. */
export function answerEarly(status: number, body: unknown = errorBody('no'), headers = {}): Fault {
  return async ({ request, readSome, json }) => {
    await readSome(1);
    json(status, body, headers);
    request.resume();
  };
}

/** Takes and keeps the whole file, then does something else than answering well. */
export function storeThen(action: (exchange: Exchange, file: StoredFile) => void): Fault {
  return async (exchange) => action(exchange, await exchange.readAndStore());
}

/** Reads some of the body, then resets the connection. */
export function resetAfter(bytes: number): Fault {
  return async ({ readSome, socket }) => {
    if (bytes > 0) await readSome(bytes);
    socket.resetAndDestroy();
  };
}

/** Reads some of the body, then closes the connection in good order. */
export function finAfter(bytes: number): Fault {
  return async ({ readSome, socket }) => {
    if (bytes > 0) await readSome(bytes);
    socket.end();
    socket.destroySoon();
  };
}

/** Says nothing and leaves the connection open. */
export const silence: Fault = () => {};

interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content: Buffer;
}

/** RFC 7578, strict: what a browser writes, and nothing else. */
export function parseMultipart(body: Buffer, contentType: string): Part[] {
  const boundary = /^multipart\/form-data; boundary=([\w'()+,\-./:=?]{1,70})$/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`not multipart: ${contentType}`);
  const delimiter = Buffer.from(`--${boundary}`);
  if (!body.subarray(0, delimiter.length).equals(delimiter)) throw new Error('no first boundary');
  const parts: Part[] = [];
  let at = delimiter.length;
  while (body.subarray(at, at + 2).toString() === '\r\n') {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(`\r\n--${boundary}`, headEnd);
    if (headEnd < 0 || end < 0) throw new Error('part without an end');
    const lines = body
      .subarray(at + 2, headEnd)
      .toString('utf8')
      .split('\r\n');
    const disposition = /^Content-Disposition: form-data; name="([^"\r\n]*)"(?:; filename="([^"\r\n]*)")?$/;
    const match = disposition.exec(lines[0] ?? '');
    if (match === null || lines.length > 2) throw new Error(`bad part head: ${JSON.stringify(lines)}`);
    parts.push({
      name: unescapeName(match[1] ?? ''),
      filename: match[2] === undefined ? undefined : unescapeName(match[2]),
      contentType: /^Content-Type: (.*)$/.exec(lines[1] ?? '')?.[1],
      content: body.subarray(headEnd + 4, end),
    });
    at = end + 2 + delimiter.length;
  }
  if (body.subarray(at).toString() !== '--\r\n') throw new Error('no last boundary');
  return parts;
}

function unescapeName(name: string): string {
  return name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Time that passes only where somebody waits, and chance that is none. */
export function createTestRuntime(random = 0.5) {
  const waits: number[] = [];
  const start = Date.now();
  let passed = 0;
  return {
    /** Every wait that was asked for, in milliseconds. */
    waits,
    now: () => start + passed,
    random: () => random,
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      if (signal.aborted) throw signal.reason;
      waits.push(ms);
      passed += ms;
    },
    /** The timers that guard sockets are real: see `createManualClock` for others. */
    after(ms: number, run: () => void): () => void {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** Everything that an error can be made to show: what a logger, a debugger or a crash report would print of it. */
export function everythingShownBy(error: unknown): string {
  const shown: string[] = [];
  for (let at = error, depth = 0; at !== undefined && at !== null && depth < 8; depth++) {
    shown.push(
      String(at),
      JSON.stringify(at) ?? '',
      inspect(at, { depth: 12 }),
      inspect(at, { depth: 12, showHidden: true, customInspect: false, getters: true }),
    );
    if (!(at instanceof Error)) break;
    shown.push(at.stack ?? '', JSON.stringify(at, Object.getOwnPropertyNames(at)));
    at = at.cause;
  }
  return shown.join('\n');
}

/** The key of every test; nothing that is shown may hold it, or eight characters of it. */
export const SECRET_KEY = 'sk-proj-Q7vXw9LmZt3RbN5cKd8Hf2Js6Gy4Pa1e';

/** The error that a promise rejects with, checked for its class and for the key. */
export async function failureOf<E extends Error>(
  promise: Promise<unknown>,
  Kind: abstract new (...args: never[]) => E,
): Promise<E> {
  const error = await promise.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  const shown = everythingShownBy(error);
  for (let at = 0; at + 8 <= SECRET_KEY.length; at++) {
    if (shown.includes(SECRET_KEY.slice(at, at + 8))) throw new Error(`an error shows the key: ${shown}`);
  }
  if (!(error instanceof Kind)) throw new Error(`not a ${Kind.name}: ${inspect(error)}`);
  return error;
}
