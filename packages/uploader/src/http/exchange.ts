import type { Readable } from 'node:stream';
import { request as undiciRequest } from 'undici';
import { TimeoutError } from '../errors.js';
import type { ResponseHeaders } from '../types.js';
import { createAttemptAgent, type Dispatcher } from './agent.js';
import { classifyFailure } from './classify.js';
import { flattenHeaders } from './headers.js';
import type { Scrub } from './redact.js';

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
  /** @param onStep called whenever the connection took a chunk, and when the last one is about to go */
  chunks(onStep: () => void): AsyncIterable<Uint8Array>;
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
  /** The caller's own dispatcher; it is used as it is and never closed. */
  readonly dispatcher?: Dispatcher | undefined;
  readonly scrub: Scrub;
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
 * tries nothing again.
 *
 * It settles at once when the signal is aborted or a timer fires, whatever undici does: undici 7 leaves a request alone
 * that is still queued or connecting, and its proxy agent may reconnect for ever. So the outcome is a race, and the
 * agent of the attempt is destroyed at its end.
 */
export async function openExchange(request: ExchangeRequest): Promise<Exchange> {
  const { timeouts, signal, body, url } = request;
  if (signal.aborted) throw signal.reason;

  const undiciAbort = new AbortController();
  // Two, because a body may still be moving when an early answer arrives, and must not touch the timer of that answer.
  const sendTimer = createTimer();
  const readTimer = createTimer();
  let interruption: unknown;
  let onInterruption: (error: unknown) => void = () => {};
  let isSuccessArriving = false;
  let graceTimer: NodeJS.Timeout | undefined;

  const interrupt = (error: unknown) => {
    interruption ??= error;
    onInterruption(interruption);
  };
  const onAbort = () => {
    const grace = isSuccessArriving ? (request.abortGrace ?? 0) : 0;
    if (grace === 0) interrupt(signal.reason);
    else graceTimer = setTimeout(() => interrupt(signal.reason), grace);
  };
  const close = () => {
    sendTimer.retire();
    readTimer.retire();
    clearTimeout(graceTimer);
    signal.removeEventListener('abort', onAbort);
    undiciAbort.abort();
    // Nothing waits for the agent, and what it could say about its own end helps nobody.
    ownAgent?.dispatcher.destroy().catch(() => {});
  };
  const onConnected = () => {
    if (body === undefined)
      sendTimer.start(timeouts.response, () => interrupt(responseTimeout(url, timeouts.response)));
  };
  const ownAgent =
    request.dispatcher === undefined
      ? createAttemptAgent({ connectTimeout: timeouts.connect, signal: undiciAbort.signal, onConnected })
      : undefined;
  const dispatcher = request.dispatcher ?? ownAgent?.dispatcher;
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
      body: body === undefined ? null : (observeBody(request, body, sendTimer, interrupt) as unknown as Readable),
      signal: undiciAbort.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
      reset: true,
      // undici's own back-pressure is not safe, see `createAttemptAgent`.
      highWaterMark: Number.MAX_SAFE_INTEGER,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
    answer.catch(() => {});
    if (body === undefined && ownAgent === undefined) {
      // Somebody else's dispatcher does not tell when the connection stands: one timer covers both phases.
      const wait = timeouts.connect + timeouts.response;
      sendTimer.start(wait, () => interrupt(responseTimeout(url, timeouts.response)));
    } else {
      sendTimer.start(timeouts.connect, () =>
        interrupt(failed(Object.assign(new Error('connect timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' }))),
      );
    }
    const response = await Promise.race([answer, interrupted]);
    sendTimer.retire();
    // Without a listener an error between two reads would end the process.
    response.body.on('error', () => {});
    onInterruption = (error) => response.body.destroy(error instanceof Error ? error : new Error(String(error)));
    ownAgent?.holdBackWhile(() => response.body.readableLength > MAX_BUFFERED_BYTES);
    const handedOver = body?.progress.handedOver ?? true;
    isSuccessArriving = response.statusCode >= 200 && response.statusCode < 300 && handedOver;

    return {
      status: response.statusCode,
      headers: flattenHeaders(response.headers),
      handedOver,
      close,
      async *chunks({ idle, total }) {
        const until = total === undefined ? undefined : Date.now() + total;
        const stream = response.body[Symbol.asyncIterator]();
        try {
          while (true) {
            const wait = until === undefined ? idle : Math.max(0, until - Date.now());
            const late = () => interrupt(total === undefined ? silence(url, wait ?? 0) : bodyTimeout(url, total));
            if (wait !== undefined) readTimer.start(wait, late);
            if (interruption !== undefined) throw interruption;
            const next = stream.next();
            ownAgent?.readOn();
            const step = await next;
            readTimer.stop();
            if (step.done) return;
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
): AsyncGenerator<Uint8Array, void, void> {
  const { timeouts, url } = request;
  const armStall = () => timer.start(timeouts.stall, () => interrupt(stallTimeout(url, timeouts.stall, body)));
  armStall();
  let wasHandedOver = false;
  const onStep = () => {
    if (!body.progress.handedOver) {
      armStall();
    } else if (!wasHandedOver) {
      wasHandedOver = true;
      timer.start(timeouts.response, () => interrupt(responseTimeout(url, timeouts.response)));
    }
  };
  yield* body.chunks(onStep);
}

function stallTimeout(url: URL, ms: number, body: RequestBody): TimeoutError {
  return new TimeoutError(
    'E_TIMEOUT_STALL',
    `${url.host} took no data for ${ms / 1000} s after ${body.progress.bytesSent} of ${body.contentLength} bytes`,
    ms,
    { retryable: true, hint: 'check the network; on a very slow one allow more with timeout.stall' },
  );
}

function responseTimeout(url: URL, ms: number): TimeoutError {
  return new TimeoutError('E_TIMEOUT_RESPONSE', `no answer from ${url.host} within ${ms / 1000} s`, ms, {
    retryable: true,
  });
}

function silence(url: URL, ms: number): TimeoutError {
  return new TimeoutError('E_TIMEOUT_STALL', `${url.host} sent no data for ${ms / 1000} s`, ms, { retryable: true });
}

function bodyTimeout(url: URL, ms: number): TimeoutError {
  return new TimeoutError('E_TIMEOUT_BODY', `the answer of ${url.host} was not complete within ${ms / 1000} s`, ms, {
    retryable: true,
  });
}

interface Timer {
  /** Starts anew: a timer guards one phase, and the next phase has the next limit. */
  start(ms: number, onTime: () => void): void;
  stop(): void;
  /** Stops for good: later starts do nothing. */
  retire(): void;
}

function createTimer(): Timer {
  let handle: NodeJS.Timeout | undefined;
  let isRetired = false;
  return {
    start(ms, onTime) {
      clearTimeout(handle);
      if (!isRetired) handle = setTimeout(onTime, Math.min(ms, 2 ** 31 - 1));
    },
    stop() {
      clearTimeout(handle);
    },
    retire() {
      isRetired = true;
      clearTimeout(handle);
    },
  };
}
