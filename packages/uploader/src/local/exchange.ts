import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Answer, encodeBody } from './answer.js';
import { InterruptedRequestError } from './errors.js';

/** How long, and how many bytes, the rest of a refused request is read so that its sender gets to see the answer. */
interface LingerLimits {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** One request and the ways to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly method: string;
  /** The path without its query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** What every answer carries, whatever it says. */
  commonHeaders(): Record<string, string>;
  /** Tells a client that waits for it (`Expect: 100-continue`) to send the body. */
  acceptBody(): void;
  /** @throws InterruptedRequestError if the client left before it had the whole content of a file */
  send(answer: Answer): Promise<void>;
  /** Ends the connection without an answer, or in the middle of one. */
  abort(): void;
}

interface ExchangeOptions {
  readonly linger: LingerLimits;
  /** The client waits for `100 Continue` before it sends its body. */
  readonly isBodyHeldBack: boolean;
  /** Names of the headers that carry the id of the request. */
  readonly requestIdHeaders: readonly string[];
}

export function createExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { linger, isBodyHeldBack, requestIdHeaders }: ExchangeOptions,
): Exchange {
  const startedAt = performance.now();
  const requestId = `req_${randomBytes(16).toString('hex')}`;
  const target = request.url ?? '/';
  const queryStart = target.indexOf('?');
  let heldBack = isBodyHeldBack;

  const commonHeaders = () => ({
    ...Object.fromEntries(requestIdHeaders.map((name) => [name, requestId])),
    'openai-processing-ms': String(Math.round(performance.now() - startedAt)),
  });

  async function send({ status, headers, body }: Answer) {
    if (body.kind === 'stored') {
      const contentHeaders = { 'content-type': 'application/octet-stream', 'content-length': String(body.length) };
      try {
        if (response.headersSent || response.destroyed) return abort();
        response.writeHead(status, { ...commonHeaders(), ...contentHeaders, ...headers });
        await pipeline(body.read(), response);
      } catch (cause) {
        if (!isPrematureClose(cause)) throw cause;
        throw new InterruptedRequestError('The client left before the file was sent.', { cause });
      } finally {
        await body.close();
      }
      return;
    }
    if (response.headersSent || response.destroyed) return abort();
    const { headers: bodyHeaders, payload } = encodeBody(body);
    const head = { ...commonHeaders(), ...(status === 204 ? {} : bodyHeaders), ...headers };
    if (request.complete || !announcesBody(request)) {
      response.writeHead(status, head).end(payload);
      return;
    }
    // The answer is complete for the client here, but node:http would close the connection at end(), and the bytes still
    // under way would turn that into a reset which can destroy the answer before it is read.
    response.writeHead(status, { ...head, connection: 'close' }).write(payload);
    if (!heldBack) await drain(request, linger);
    response.end();
  }

  function abort() {
    response.destroy();
  }

  return {
    request,
    response,
    requestId,
    method: request.method ?? 'GET',
    path: queryStart === -1 ? target : target.slice(0, queryStart),
    query: new URLSearchParams(queryStart === -1 ? '' : target.slice(queryStart)),
    commonHeaders,
    acceptBody() {
      if (heldBack) response.writeContinue();
      heldBack = false;
    },
    send,
    abort,
  };
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function announcesBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

/** Reads and drops what still comes, until the request ends, its sender leaves, or a limit is reached. */
async function drain(request: IncomingMessage, limits: LingerLimits): Promise<void> {
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, limits.milliseconds);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.bytes) stop();
    });
    request.on('end', stop).on('close', stop).on('error', stop);
    if (request.destroyed) stop();
    request.resume();
  });
}
