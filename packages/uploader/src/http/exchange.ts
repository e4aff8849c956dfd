import type { Readable } from 'node:stream';
import { request as undiciRequest } from 'undici';
import { ConnectionError } from '../connection-errors.js';
import type { Runtime } from '../runtime.js';
import type { ResponseHeaders } from '../types.js';
import type { OwnAgent } from './agent.js';
import { classifyFailure } from './classify.js';
import type { Connections, Lease } from './connections.js';
import { flattenHeaders } from './headers.js';
import type { Scrub } from './redact.js';
import { bodyTimeout, responseTimeout, silence, stallTimeout } from './timeout-errors.js';
import { createTimer, type Timer } from './timer.js';

/** Of an answer that is read more slowly than it comes. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** Milliseconds; see the public `TimeoutOptions` for what each one measures. */
interface ExchangeTimeouts {
  readonly connect: number;
  readonly stall: number;
  readonly response: number;
}

/** How far a request body has come; its generator writes, the exchange reads. */
export interface BodyProgress {
  /** Bytes of the file that the connection took. */
  bytesSent: number;
  /** The last bytes were handed to the connection: a server may have the file from here on. */
  handedOver: boolean;
}

/** A request body of known length. One try uses it up. */
export interface RequestBody {
  readonly contentLength: number;
  readonly progress: BodyProgress;
  /**
   * @param onStep called whenever the connection took a chunk, and when the last one is about to go
   * @param isFlushed says that every chunk so far has left the process, so that its buffer may be used again
   */
  chunks(onStep: () => void, isFlushed?: () => boolean): AsyncIterable<Uint8Array>;
}

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly timeouts: ExchangeTimeouts;
  /** Aborted with the error to throw. */
  readonly signal: AbortSignal;
  /** After an abort, a success that is already arriving may still be read for this long. @default 0 */
  readonly abortGrace?: number | undefined;
  readonly connections: Connections;
  readonly scrub: Scrub;
  /** For the headers of the answer. */
  readonly scrubEcho: Scrub;
  readonly after: Runtime['after'];
}

/** An answer whose head has arrived. Whoever opened it must close it. */
export interface Exchange {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The whole request body had been handed over when the head arrived; true where there is no body. */
  readonly handedOver: boolean;
  /**
   * The body of the answer, once.
   *
   * @param limits `idle`: most milliseconds without a byte; `total`: most milliseconds for all of it
   */
  chunks(limits: { idle?: number; total?: number }): AsyncGenerator<Uint8Array, void, void>;
  /** Ends everything at once: socket, timers, listeners. May be called again. */
  close(): void;
}

/**
 * Exactly one HTTP try: sends the request and waits for the head of the answer. Follows no redirect, unpacks nothing,
 * tries nothing again that could have been read.
 *
 * It settles at once when the signal is aborted or a timer fires, whatever undici does: undici 7 leaves a request alone
 * that is still queued or connecting. So the outcome is a race, and the connection of the exchange ends with it.
 */
export async function openExchange(request: ExchangeRequest): Promise<Exchange> {
  const { signal, connections, url, method } = request;
  if (signal.aborted) throw signal.reason;
  // What changes something gets a connection of its own.
  const lease = connections.lease(url, method === 'GET' ? 'kept' : 'fresh');
  try {
    return await openOn(lease, request);
  } catch (error) {
    // An idle connection that the server was closing is no fault of anybody: the next one tells.
    if (!lease.isUsed || !(error instanceof ConnectionError)) throw error;
    return openOn(connections.lease(url, 'fresh'), request);
  }
}

async function openOn(lease: Lease, request: ExchangeRequest): Promise<Exchange> {
  const { timeouts, signal, body, url, after } = request;
  const { own } = lease;
  const undiciAbort = new AbortController();
  // Two, because a body may still be moving when an early answer arrives, and must not touch the timer of that answer.
  const sendTimer = createTimer(after);
  const readTimer = createTimer(after);
  const graceTimer = createTimer(after);
  let interruption: unknown;
  let onInterruption: (error: unknown) => void = () => {};
  let isSuccessArriving = false;
  let isReusable = false;

  const interrupt = (error: unknown) => {
    interruption ??= error;
    onInterruption(interruption);
  };
  const onAbort = () => {
    const grace = isSuccessArriving ? (request.abortGrace ?? 0) : 0;
    if (grace === 0) interrupt(signal.reason);
    else graceTimer.start(grace, () => interrupt(signal.reason));
  };
  const close = () => {
    sendTimer.retire();
    readTimer.retire();
    graceTimer.retire();
    signal.removeEventListener('abort', onAbort);
    if (!isReusable) undiciAbort.abort();
    lease.end(isReusable);
  };
  const awaitResponse = () => {
    sendTimer.start(timeouts.response, () => interrupt(responseTimeout(url.host, timeouts.response)));
  };
  const failed = (error: unknown) =>
    interruption ??
    classifyFailure(error, {
      host: url.host,
      connectTimeout: timeouts.connect,
      bytesSent: body?.progress.bytesSent ?? 0,
      bytesTotal: body?.contentLength ?? 0,
      handedOver: body?.progress.handedOver ?? true,
      scrub: request.scrub,
    });

  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const interrupted = new Promise<never>((_resolve, reject) => {
      onInterruption = reject;
    });
    interrupted.catch(() => {});
    const answer = undiciRequest(url, {
      method: request.method,
      headers: {
        ...request.headers,
        ...(body === undefined ? {} : { 'content-length': String(body.contentLength) }),
      },
      // undici takes any async iterable; its types name only Node's own streams.
      body: body === undefined ? null : (observeBody(request, body, sendTimer, interrupt, own) as unknown as Readable),
      signal: undiciAbort.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
      reset: request.method !== 'GET',
      // undici's own back-pressure is not safe, see `createOwnAgent`.
      highWaterMark: Number.MAX_SAFE_INTEGER,
      dispatcher: lease.dispatcher,
    });
    answer.catch(() => {});
    if (own?.isConnected()) {
      awaitResponse();
    } else if (own === undefined && body === undefined) {
      // Somebody else's dispatcher does not tell when the connection stands: one timer covers both phases.
      const wait = timeouts.connect + timeouts.response;
      sendTimer.start(wait, () => interrupt(responseTimeout(url.host, timeouts.response)));
    } else {
      if (own !== undefined && body === undefined) own.onConnected = awaitResponse;
      sendTimer.start(timeouts.connect, () =>
        interrupt(failed(Object.assign(new Error('connect timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' }))),
      );
    }
    const response = await Promise.race([answer, interrupted]);
    sendTimer.retire();
    // Without a listener an error between two reads would end the process.
    response.body.on('error', () => {});
    onInterruption = (error) => response.body.destroy(error instanceof Error ? error : new Error(String(error)));
    own?.holdBackWhile(() => response.body.readableLength > MAX_BUFFERED_BYTES);
    const handedOver = body?.progress.handedOver ?? true;
    isSuccessArriving = response.statusCode >= 200 && response.statusCode < 300 && handedOver;

    return {
      status: response.statusCode,
      headers: flattenHeaders(response.headers, request.scrubEcho),
      handedOver,
      close,
      async *chunks({ idle, total }) {
        if (total !== undefined) readTimer.start(total, () => interrupt(bodyTimeout(url.host, total)));
        const stream = response.body[Symbol.asyncIterator]();
        try {
          while (true) {
            if (idle !== undefined) readTimer.start(idle, () => interrupt(silence(url.host, idle)));
            if (interruption !== undefined) throw interruption;
            const next = stream.next();
            own?.readOn();
            const step = await next;
            if (idle !== undefined || step.done) readTimer.stop();
            if (step.done) {
              // One that brought a server's trouble is not kept: the next try shall meet another server, if there is one.
              isReusable = response.statusCode < 500;
              return;
            }
            yield step.value;
          }
        } catch (error) {
          throw failed(error);
        }
      },
    };
  } catch (error) {
    close();
    throw failed(error);
  }
}

/** Passes the body on and moves the timers along: connecting, then sending with progress, then waiting for the answer. */
async function* observeBody(
  request: ExchangeRequest,
  body: RequestBody,
  timer: Timer,
  interrupt: (error: unknown) => void,
  own: OwnAgent | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  const { timeouts, url } = request;
  const { progress, contentLength } = body;
  const armStall = () =>
    timer.start(timeouts.stall, () => interrupt(stallTimeout(url.host, timeouts.stall, progress, contentLength)));
  armStall();
  let wasHandedOver = false;
  const onStep = () => {
    if (!progress.handedOver) {
      armStall();
    } else if (!wasHandedOver) {
      wasHandedOver = true;
      timer.start(timeouts.response, () => interrupt(responseTimeout(url.host, timeouts.response)));
    }
  };
  yield* body.chunks(onStep, () => own?.isFlushed() ?? false);
}
