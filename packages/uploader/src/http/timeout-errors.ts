import { TimeoutError } from '../connection-errors.js';
import type { BodyProgress } from './exchange.js';

/** While a body is sent. */
export function stallTimeout(host: string, ms: number, sent: BodyProgress, contentLength: number): TimeoutError {
  return new TimeoutError(
    'E_TIMEOUT_STALL',
    `${host} took no data for ${ms / 1000} s after ${sent.bytesSent} of ${contentLength} bytes`,
    ms,
    { retryable: true, hint: 'check the network; on a very slow one allow more with timeout.stall' },
  );
}

/** While the head of the answer is awaited. */
export function responseTimeout(host: string, ms: number): TimeoutError {
  return new TimeoutError('E_TIMEOUT_RESPONSE', `no answer from ${host} within ${ms / 1000} s`, ms, {
    retryable: true,
  });
}

/** Between two pieces of an answer. */
export function silence(host: string, ms: number): TimeoutError {
  return new TimeoutError('E_TIMEOUT_STALL', `${host} sent no data for ${ms / 1000} s`, ms, { retryable: true });
}

/** For the whole of an answer. */
export function bodyTimeout(host: string, ms: number): TimeoutError {
  return new TimeoutError('E_TIMEOUT_BODY', `the answer of ${host} was not complete within ${ms / 1000} s`, ms, {
    retryable: true,
  });
}
