import type { UploaderError } from './errors.js';

/** Where an upload stands. */
export interface Progress {
  /** `send` is repeated from 0 when the file is sent again. */
  readonly phase: 'connect' | 'send' | 'wait' | 'reconcile' | 'done';
  /** Bytes of the file that were handed to the connection; the server may lag behind by what the network holds. */
  readonly bytesSent: number;
  readonly bytesTotal: number;
  /** Counts from 1; 0 before the first. */
  readonly attempt: number;
}

/** What happened on the way, for those who want to know more than the result. */
export type UploadEvent =
  /** The files that were there before: known, or not known and why. */
  | { readonly type: 'preflight'; readonly isBaselineKnown: boolean; readonly reason?: string }
  | { readonly type: 'attempt-start'; readonly attempt: number }
  | {
      readonly type: 'attempt-failed';
      readonly attempt: number;
      readonly error: UploaderError;
      /** `null`: there is no further try. */
      readonly willRetryInMs: number | null;
      readonly handedOver: boolean;
    }
  | { readonly type: 'response'; readonly status: number; readonly requestId?: string }
  /** The whole body was sent and no usable answer came; the listing is searched now. */
  | { readonly type: 'ambiguous'; readonly error: UploaderError }
  /** The file was found in the listing. */
  | { readonly type: 'reconciled'; readonly fileId: string }
  /** The file was touched or replaced while it was sent; the server got the bytes that were checked all the same. */
  | { readonly type: 'source-changed'; readonly path: string };

/** Wraps a caller's callback: what it throws does not reach the upload, and is passed on once. */
export function guarded<T>(callback: ((value: T) => void) | undefined, onThrow: (error: unknown) => void) {
  let hasThrown = false;
  return (value: T): void => {
    try {
      callback?.(value);
    } catch (error) {
      if (!hasThrown) onThrow(error);
      hasThrown = true;
    }
  };
}

/** Ten a second is more than anybody can see. */
const MIN_INTERVAL_MS = 100;

export interface ProgressReporter {
  /** A new phase or attempt is always reported; within `send` at most ten times a second. */
  report(phase: Progress['phase'], bytesSent: number, attempt: number): void;
}

export function createProgressReporter(
  bytesTotal: number,
  now: () => number,
  send: (progress: Progress) => void,
): ProgressReporter {
  let last: Progress | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    report(phase, bytesSent, attempt) {
      const isNews = last?.phase !== phase || last.attempt !== attempt || bytesSent === bytesTotal;
      if (!isNews && now() - lastAt < MIN_INTERVAL_MS) return;
      last = { phase, bytesSent, bytesTotal, attempt };
      lastAt = now();
      send(last);
    },
  };
}
