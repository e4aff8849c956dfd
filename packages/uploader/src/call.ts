import { openCallSignal } from './call-signal.js';
import { checkCallOptions } from './check-options.js';
import { UploaderError } from './errors.js';
import { requestIdOf } from './http/headers.js';
import type { CallKind, CallOptions, ClientSettings, LogFields, Timeouts } from './options.js';
import { retrySettings, timeouts } from './options.js';
import { delayBeforeRetry, type RetrySettings } from './retry/policy.js';
import { runWithRetries } from './retry/run.js';
import type { Runtime } from './runtime.js';
import type { AttemptSummary, HttpInfo, ResponseHeaders } from './types.js';

/** What all calls of one client share. */
export interface ClientContext {
  readonly settings: ClientSettings;
  readonly runtime: Runtime;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
}

/** One call of the public API, with its limits; it may make several HTTP tries. */
export interface Call extends ClientContext {
  /** For the log, for example `createFile`. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly timeouts: Timeouts;
  readonly retry: RetrySettings;
  /** Milliseconds since the epoch, to be told. */
  readonly startedAt: number;
  /** The same moment by `Runtime.elapsed`, to be counted from. */
  readonly beganAt: number;
  readonly attempts: AttemptSummary[];
}

/** What an attempt notes about itself while it runs. */
export interface AttemptTrace {
  status?: number;
  bytesSent?: () => number;
  handedOver?: () => boolean;
  /** Set when the attempt resolves although it failed. */
  error?: UploaderError;
}

export interface AttemptHooks {
  /** Retries that count, where progress in between makes some of them forgotten. @default all before this attempt */
  retriesDone?(attempt: number): number;
  onStart?(attempt: number): void;
  /** @param willRetryInMs `null` when this was the last try */
  onFailed?(attempt: number, error: UploaderError, willRetryInMs: number | null, handedOver: boolean): void;
}

/** Opens a call, runs it, closes it. */
export async function withCall<T>(
  context: ClientContext,
  name: string,
  kind: CallKind,
  options: CallOptions,
  run: (call: Call) => Promise<T>,
): Promise<T> {
  checkCallOptions(options);
  const { settings, runtime, closed } = context;
  const retry = retrySettings(kind, options.retry, settings.retry);
  const limits = timeouts(kind, options.timeout, settings.timeout);
  const { signal, dispose } = openCallSignal([options.signal, closed], limits.deadline, runtime.after);
  const attempts: AttemptSummary[] = [];
  const moments = { startedAt: runtime.now(), beganAt: runtime.elapsed() };
  const call: Call = { ...context, ...moments, name, signal, timeouts: limits, retry, attempts };
  try {
    if (signal.aborted) throw signal.reason;
    return await run(call);
  } finally {
    dispose();
  }
}

/** A shorter call within a call: it shares the signal and the deadline and has tries of its own. */
export function withinCall(call: Call, name: string, options: CallOptions, retries?: number): Call {
  const { settings } = call;
  const retry = retrySettings('other', retries === undefined ? undefined : { retries }, options.retry, settings.retry);
  const limits = timeouts('other', options.timeout, settings.timeout);
  return { ...call, name, timeouts: { ...limits, deadline: call.timeouts.deadline }, retry, attempts: [] };
}

/** Tries, waits and tries again as the policy allows. Every try is noted and logged; the last error carries the notes. */
export async function runAttempts<T>(
  call: Call,
  attemptOnce: (attempt: number, trace: AttemptTrace) => Promise<T>,
  hooks: AttemptHooks = {},
): Promise<T> {
  const { runtime, retry, signal, attempts, beganAt, settings } = call;
  const { deadline } = call.timeouts;
  // A call that tries in two rounds goes on counting.
  const before = attempts.length;
  let previous: UploaderError | undefined;
  const run = runWithRetries({
    async attempt(nth) {
      const attempt = before + nth;
      await unlessAborted(settings.refreshCredentials(), signal);
      const trace: AttemptTrace = {};
      const began = runtime.elapsed();
      const note = (code?: string) => {
        const summary: AttemptSummary = {
          attempt,
          durationMs: runtime.elapsed() - began,
          bytesSent: trace.bytesSent?.() ?? 0,
          handedOver: trace.handedOver?.() ?? true,
          ...(trace.status === undefined ? {} : { status: trace.status }),
          ...(code === undefined ? {} : { code }),
        };
        attempts.push(summary);
        log(call, 'debug', `${call.name}: attempt ${attempt} ${code === undefined ? 'succeeded' : 'failed'}`, {
          ...summary,
        });
      };
      hooks.onStart?.(attempt);
      try {
        const result = await attemptOnce(attempt, trace);
        note(trace.error?.code);
        return result;
      } catch (error) {
        note(error instanceof UploaderError ? error.code : 'unknown');
        throw error;
      }
    },
    async waitForRetry(error, nth) {
      const attempt = before + nth;
      // What is not ours is a bug: it is not retried but shown.
      if (!(error instanceof UploaderError)) return false;
      const elapsedMs = runtime.elapsed() - beganAt;
      const remainingMs = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - elapsedMs;
      const retriesDone = hooks.retriesDone?.(attempt) ?? attempt - 1;
      // What was forgotten is not compared with either.
      const failure = {
        error,
        previous: retriesDone === 0 ? undefined : previous,
        retriesDone,
        elapsedMs,
        remainingMs,
      };
      if (signal.aborted) throw signal.reason;
      const delay = delayBeforeRetry(failure, retry, runtime.random());
      previous = error;
      hooks.onFailed?.(attempt, error, delay, attempts.at(-1)?.handedOver ?? false);
      if (delay === null) return false;
      log(call, 'warn', `${call.name}: trying again in ${delay} ms`, { attempt, code: error.code, delayMs: delay });
      await runtime.sleep(delay, signal);
      return true;
    },
  });
  try {
    return await run;
  } catch (error) {
    if (error instanceof UploaderError && error.attempts.length === 0) error.attempts = [...attempts];
    throw error;
  }
}

/** Settles as the promise does, or at once with the signal's reason. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** A logger that throws must not break the call. */
export function log({ settings }: ClientContext, level: 'debug' | 'warn', message: string, fields: LogFields): void {
  try {
    settings.logger[level]?.(message, fields);
  } catch {
    // Its own affair.
  }
}

export function httpInfo<T>(
  data: T,
  response: { status: number; headers: ResponseHeaders },
  attempts: readonly AttemptSummary[],
): HttpInfo<T> {
  const { status, headers } = response;
  const requestId = requestIdOf(headers);
  return { data, status, headers, attempts: [...attempts], ...(requestId === undefined ? {} : { requestId }) };
}
