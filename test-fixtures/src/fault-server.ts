import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { behaveAsFiles, requestedOf } from './fault-files.js';
import { createUploadsStore, type UploadOperation, type UploadsStore } from './fault-uploads.js';
import { parseMultipart } from './strict-multipart.js';

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
    const requested = requestedOf(request);
    const { operation } = requested;
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
    const exchange = exchangeOf(server, request, response, note, () => behaveAsFiles(exchange, requested));
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
