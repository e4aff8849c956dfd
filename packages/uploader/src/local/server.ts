import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { errorAnswer } from './answer.js';
import { InterruptedRequestError, LocalFilesServerError, RejectedRequestError } from './errors.js';
import { createExchange, type Exchange } from './exchange.js';
import { applyFault } from './faults/apply.js';
import type { FaultRule } from './faults/fault-plan.js';
import { type RunningPlan, runPlan } from './faults/take.js';
import { type CompleteOptions, type LocalFilesServerOptions, normalizeOptions } from './options.js';
import { createFilesApi, type FilesApi } from './routes.js';
import { type FileStore, openStore } from './store.js';

/** A running embedded server. */
export interface LocalFilesServer {
  /** The base URL for clients, for example `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  readonly port: number;
  /** Where the files are. */
  readonly directory: string;
  /** Appends rules to the fault plan that the server was started with. @throws LocalFilesServerError `E_LOCAL_OPTION` */
  addFaults(...rules: readonly FaultRule[]): void;
  /** From here on the server behaves. */
  clearFaults(): void;
  /**
   * Stops at once: open connections are cut, an upload under way leaves nothing behind, and the directory is removed if
   * it is the server's own temporary one. Calling it again returns the same promise.
   */
  close(): Promise<void>;
}

/** How long a client may take to send the head of a request. A body may take any time: a slow upload is a legitimate one. */
const HEADERS_TIMEOUT_MS = 30_000;

/** How long the rest of a refused request is read; nginx's `lingering_time` has the same purpose and the same default. */
const LINGER_MS = 30_000;

/**
 * Starts OpenAI's Files API on a loopback address: for tests, demonstrations and pipelines without a network.
 *
 * Every non-empty key is accepted and nothing is checked about the content: it is a place to put files, not a validator.
 * A file appears only when its whole request has arrived. Contents are streamed to and from disk, never held in memory.
 *
 * @throws LocalFilesServerError `E_LOCAL_OPTION`, `E_LOCAL_DIRECTORY`, `E_LOCAL_LISTEN`
 */
export async function startLocalFilesServer(options: LocalFilesServerOptions = {}): Promise<LocalFilesServer> {
  const complete = normalizeOptions(options);
  const { directory, store } = await openDirectory(complete);
  const removeDirectory = async () => {
    if (complete.directory === undefined) await rm(directory, { recursive: true, force: true });
  };

  const api = createFilesApi({ store, maxFileBytes: complete.maxFileBytes, clock: complete.clock });
  const plan = runPlan(complete.faults, complete.random);
  const { server, settled } = createHttpServer(api, plan, complete);

  let port: number;
  try {
    port = await listen(server, complete);
  } catch (cause) {
    await removeDirectory();
    const address = `${complete.host}, port ${complete.port}`;
    const message = `Cannot listen on ${address} (${codeOf(cause)}): choose another port, or 0 for any free one.`;
    throw new LocalFilesServerError('E_LOCAL_LISTEN', message, { cause });
  }

  let closing: Promise<void> | undefined;
  const close = async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
    await settled();
    await removeDirectory();
  };
  const host = complete.host === '::1' ? '[::1]' : complete.host;
  return {
    url: `http://${host}:${port}/v1`,
    port,
    directory,
    addFaults: plan.add,
    clearFaults: plan.clear,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function openDirectory(options: CompleteOptions): Promise<{ directory: string; store: FileStore }> {
  try {
    const directory = resolve(options.directory ?? (await mkdtemp(join(tmpdir(), 'tunegate-files-'))));
    return { directory, store: await openStore(directory, options.clock) };
  } catch (cause) {
    const name = options.directory ?? tmpdir();
    const message = `Cannot keep files in ${name} (${codeOf(cause)}): name a directory that can be written to.`;
    throw new LocalFilesServerError('E_LOCAL_DIRECTORY', message, { cause });
  }
}

function createHttpServer(api: FilesApi, plan: RunningPlan, options: CompleteOptions) {
  // As many bytes as an accepted upload may have are worth reading for the sake of an answer that arrives.
  const linger = { milliseconds: LINGER_MS, bytes: options.maxFileBytes };
  const underWay = new Set<Promise<void>>();
  const lastOf = new WeakMap<Socket, Promise<void>>();

  const onRequest = (isBodyHeldBack: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const takeTurn = async () => {
      if (socket.destroyed) return;
      await answer(createExchange(request, response, linger, isBodyHeldBack), response, api, plan, options);
    };
    // Requests that a client lines up on one connection are taken one by one: node:http never tells a response that waits
    // for its turn that the connection is gone, and whoever writes to it would wait for ever.
    const answered = (lastOf.get(socket) ?? Promise.resolve()).then(takeTurn).finally(() => underWay.delete(answered));
    lastOf.set(socket, answered);
    underWay.add(answered);
  };

  const server = createServer({ requestTimeout: 0, headersTimeout: HEADERS_TIMEOUT_MS });
  // Ahead of the listener of node:http, which then has a connection that is over already.
  server.prependListener('connection', (socket: Socket) => {
    const fault = plan.takeConnection();
    if (fault === undefined) return;
    if (fault.how === 'close') socket.destroySoon();
    else socket.resetAndDestroy();
  });
  server.on('request', onRequest(false));
  server.on('checkContinue', onRequest(true));
  return {
    server,
    settled: async () => {
      await Promise.allSettled(underWay);
    },
  };
}

/** Never rejects: what goes wrong is answered and reported. */
async function answer(
  exchange: Exchange,
  response: ServerResponse,
  api: FilesApi,
  plan: RunningPlan,
  options: CompleteOptions,
) {
  const startedAt = performance.now();
  const closed = new Promise<void>((done) => response.once('close', done));
  const operation = api.operationOf(exchange);
  const fault = plan.takeRequest({ operation, method: exchange.method, path: exchange.path });
  let failure: { readonly error: unknown } | undefined;
  try {
    const respond = (asked = exchange) => api.respond(asked);
    if (fault === undefined) await exchange.send(await respond());
    else await applyFault(fault, { exchange, respond, clock: options.clock, expireUpload: () => false });
  } catch (error) {
    if (error instanceof InterruptedRequestError) exchange.abort();
    else {
      failure = { error };
      const message = `The server failed to handle the request (${codeOf(error)}).`;
      await exchange.send(errorAnswer(new RejectedRequestError({ status: 500, message, type: 'server_error' })));
    }
  }
  await closed;
  try {
    options.onRequest({
      requestId: exchange.requestId,
      method: exchange.method,
      path: exchange.path,
      operation,
      status: response.writableFinished ? response.statusCode : null,
      durationMs: performance.now() - startedAt,
      ...(fault === undefined ? {} : { fault: fault.kind }),
      ...failure,
    });
  } catch {
    // See LocalFilesServerOptions.onRequest.
  }
}

async function listen(server: Server, { host, port }: CompleteOptions): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      done();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a TCP address');
  return address.port;
}

function codeOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.name;
  return 'unknown cause';
}
