import { ApiError, QuotaExceededError } from '../api-errors.js';
import { ConnectionError } from '../connection-errors.js';
import { UploaderError } from '../errors.js';

/** How often and how patiently a call tries again. Durations are milliseconds. */
export interface RetryOptions {
  /** Further tries after the first; 0 means one try only. @default 3 for an upload, 4 for every other call */
  retries?: number;
  /** Upper bound of the first wait; it doubles with every retry, and the wait is random below it. @default 500 */
  baseDelay?: number;
  /** No wait of our own is longer. @default 30_000 */
  maxDelay?: number;
  /** A server that asks for a longer wait is not waited for: the call fails with `retryAfterMs`. @default 120_000 */
  maxRetryAfter?: number;
  /** No retry starts later than this after the call began. @default 1_800_000 */
  budget?: number;
}

export interface RetrySettings {
  readonly retries: number;
  readonly baseDelay: number;
  readonly maxDelay: number;
  readonly maxRetryAfter: number;
  readonly budget: number;
}

/** A failed attempt as the policy sees it. */
export interface Failure {
  readonly error: unknown;
  /** The one before. */
  readonly previous?: unknown;
  /** Retries done so far in this call. */
  readonly retriesDone: number;
  /** Since the call began, in milliseconds. */
  readonly elapsedMs: number;
  /** Until the caller's deadline, in milliseconds; `Infinity` without one. */
  readonly remainingMs: number;
}

/** A name that does not resolve is mostly a typing error, but a laptop that wakes up has the same trouble for a moment. */
const UNKNOWN_HOST_RETRIES = 1;

/** The network holds some MiB between us and where a server cuts: two cuts this close together are one. */
const SAME_PLACE_BYTES = 8 * 1024 * 1024;

/**
 * Milliseconds to wait before the next try, or `null` when there is to be none.
 *
 * Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015): clients that failed together do not come
 * back together. A wait that the server asked for is never cut short.
 *
 * @param random a number in [0, 1)
 */
export function delayBeforeRetry(failure: Failure, settings: RetrySettings, random: number): number | null {
  const { error, previous, retriesDone } = failure;
  if (isCutAgain(error, previous)) return null;
  if (retriesDone >= allowedRetries(error, settings.retries)) return null;
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  if (asked > settings.maxRetryAfter) return null;
  const own = random * Math.min(settings.maxDelay, settings.baseDelay * 2 ** retriesDone);
  const delay = Math.round(Math.max(asked, own));
  if (failure.elapsedMs + delay > settings.budget || delay >= failure.remainingMs) return null;
  return delay;
}

/**
 * Milliseconds to wait before a file whose answer was lost is sent a second time, or `null` when it is not to be.
 *
 * What kind of failure lost the answer says nothing about whether another sending may get through, so that all may be
 * followed by one; only the server's own word against it (`x-should-retry`, a status that no waiting changes) counts.
 *
 * @param waitedMs since the answer was lost, while the listing was searched: it counts towards what the server asked for
 */
export function delayBeforeResend(
  failure: Failure,
  settings: RetrySettings,
  random: number,
  waitedMs: number,
): number | null {
  const { error } = failure;
  if (error instanceof ApiError) {
    const delay = delayBeforeRetry(failure, settings, random);
    return delay === null ? null : Math.max(0, delay - waitedMs);
  }
  if (failure.retriesDone >= settings.retries || failure.elapsedMs > settings.budget) return null;
  const own = Math.round(random * Math.min(settings.maxDelay, settings.baseDelay * 2 ** failure.retriesDone));
  const delay = Math.max(0, own - waitedMs);
  return delay < failure.remainingMs ? delay : null;
}

/**
 * The body was cut twice at about the same place: no accident but a limit, whose 413 was lost behind the cut (RFC 9112
 * section 9.6). A line that breaks does so anywhere.
 */
function isCutAgain(error: unknown, previous: unknown): boolean {
  if (!isCut(error) || !isCut(previous)) return false;
  return Math.abs(error.bytesSent - previous.bytesSent) <= SAME_PLACE_BYTES;
}

function isCut(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError && error.code === 'E_RESET' && error.bytesSent > 0;
}

function allowedRetries(error: unknown, retries: number): number {
  if (!(error instanceof UploaderError) || !error.retryable || error instanceof QuotaExceededError) return 0;
  const isUnknownHost = error instanceof ConnectionError && error.causeCode === 'ENOTFOUND';
  return isUnknownHost ? Math.min(retries, UNKNOWN_HOST_RETRIES) : retries;
}

/** Statuses after which the same request may succeed: what OpenAI's clients, Google's and Hugging Face's agree on. */
const RETRYABLE_STATUSES = new Set([408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/**
 * Says whether an error status is worth another try.
 *
 * @param shouldRetry the `x-should-retry` header, which OpenAI's servers use to overrule the table
 */
export function isRetryableStatus(status: number, shouldRetry: string | undefined): boolean {
  if (shouldRetry === 'true') return true;
  if (shouldRetry === 'false') return false;
  return RETRYABLE_STATUSES.has(status);
}
