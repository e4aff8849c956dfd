import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { jsonAnswer } from './answer.js';
import type { ServerDialect } from './dialects/dialect.js';
import { InterruptedRequestError, RejectedRequestError } from './errors.js';
import { createExchange, type Exchange } from './exchange.js';
import { applyFault } from './faults/apply.js';
import type { RunningPlan } from './faults/take.js';
import type { CompleteOptions } from './options.js';
import type { LocalApi } from './routes.js';

/** How long a client may take to send the head of a request. A body may take any time: a slow upload is a legitimate one. */
const HEADERS_TIMEOUT_MS = 30_000;

/** How long the rest of a refused request is read; nginx's `lingering_time` has the same purpose and the same default. */
const LINGER_MS = 30_000;

/** What stands behind the HTTP of a server. */
export interface Backend {
  readonly api: LocalApi;
  readonly plan: RunningPlan;
  readonly dialect: ServerDialect;
  /** See `FaultContext.expireUpload`. */
  expireUpload(exchange: Exchange): boolean;
}

/** An HTTP server that is listening. */
export interface Listener {
  readonly port: number;
  /** `http://` with host and port. */
  readonly origin: string;
  /** Cuts open connections, and resolves once nothing is under way. */
  close(): Promise<void>;
}

/** @throws the error of `listen` as it is */
export async function listen(backend: Backend, options: CompleteOptions, port: number): Promise<Listener> {
  const { server, settled } = createHttpServer(backend, options);
  const actual = await startListening(server, options.host, port);
  const host = options.host === '::1' ? '[::1]' : options.host;
  return {
    port: actual,
    origin: `http://${host}:${actual}`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await settled();
    },
  };
}

function createHttpServer(backend: Backend, options: CompleteOptions) {
  // As many bytes as an accepted upload may have are worth reading for the sake of an answer that arrives.
  const linger = { milliseconds: LINGER_MS, bytes: options.maxFileBytes };
  const underWay = new Set<Promise<void>>();
  const lastOf = new WeakMap<Socket, Promise<void>>();

  const onRequest = (isBodyHeldBack: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const takeTurn = async () => {
      if (socket.destroyed) return;
      const { requestIdHeaders } = backend.dialect;
      const exchange = createExchange(request, response, { linger, isBodyHeldBack, requestIdHeaders });
      await answer(exchange, response, backend, options);
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
    const fault = backend.plan.takeConnection();
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
async function answer(exchange: Exchange, response: ServerResponse, backend: Backend, options: CompleteOptions) {
  const { api, plan, dialect } = backend;
  const startedAt = performance.now();
  const closed = new Promise<void>((done) => response.once('close', done));
  const operation = api.operationOf(exchange);
  const fault = plan.takeRequest({ operation, method: exchange.method, path: exchange.path });
  const errorAnswer = (error: RejectedRequestError) =>
    jsonAnswer(dialect.describeError(error), error.status, error.headers);
  let failure: { readonly error: unknown } | undefined;
  try {
    if (fault === undefined) await exchange.send(await api.respond(exchange));
    else {
      await applyFault(fault, {
        exchange,
        clock: options.clock,
        respond: (asked = exchange) => api.respond(asked),
        errorAnswer,
        expireUpload: () => backend.expireUpload(exchange),
      });
    }
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

async function startListening(server: Server, host: string, port: number): Promise<number> {
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

export function codeOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.name;
  return 'unknown cause';
}
