import type { UploaderError } from './errors.js';

/** Where an upload stands. */
export interface Progress {
  /** `send` is repeated from 0 when the file is sent again. */
  readonly phase: 'connect' | 'send' | 'wait' | 'reconcile' | 'done';
  /** Bytes of the file that were handed to the connection; the server may lag behind by what the network holds. */
  readonly bytesSent: number;
  readonly bytesTotal: number;
  /** Of the present attempt, from its first byte on; 0 before there is anything to measure. */
  readonly bytesPerSecond: number;
  /** Counts from 1; 0 before the first. In parts: always 1. */
  readonly attempt: number;
  /** In parts only. */
  readonly parts?: PartsProgress;
}

/** How far an upload in parts is. */
export interface PartsProgress {
  /** Bytes of the parts that the server has acknowledged: never falls, while `bytesSent` falls when a part is repeated. */
  readonly bytesAccepted: number;
  readonly partsDone: number;
  readonly partsTotal: number;
}

/** What happened on the way, for those who want to know more than the result. */
export type UploadEvent =
  /** The files that were there before: known, or not known and why. */
  | { readonly type: 'preflight'; readonly isBaselineKnown: boolean; readonly reason?: string }
  | { readonly type: 'attempt-start'; readonly attempt: number; readonly part?: number }
  | {
      readonly type: 'attempt-failed';
      readonly attempt: number;
      /** Of an upload in parts, from 1. */
      readonly part?: number;
      readonly error: UploaderError;
      /** `null`: there is no further try. */
      readonly willRetryInMs: number | null;
      readonly handedOver: boolean;
    }
  | { readonly type: 'response'; readonly status: number; readonly requestId?: string }
  /** The server has acknowledged a part; `part` counts from 1. */
  | { readonly type: 'part-done'; readonly part: number; readonly partsDone: number; readonly partsTotal: number }
  /** An earlier call had begun this upload: that many parts need not be sent again. */
  | { readonly type: 'resumed'; readonly partsDone: number; readonly partsTotal: number }
  /** The whole body was sent and no usable answer came; the listing is searched now. */
  | { readonly type: 'ambiguous'; readonly error: UploaderError }
  /** The file was found in the listing. */
  | { readonly type: 'reconciled'; readonly fileId: string }
  /** The file is about to be sent a second time, although a first sending may have made a file that is not listed. */
  | { readonly type: 'duplicate-risk'; readonly reason: string }
  /** After a second sending the server lists more than one file that fits. */
  | { readonly type: 'duplicate-found'; readonly fileIds: readonly string[] }
  /** The upload failed and was not given up: the same call, made again within the hour, need not send these parts. */
  | { readonly type: 'kept-for-resume'; readonly partsDone: number; readonly partsTotal: number }
  /** Something that does not stop the upload. */
  | { readonly type: 'warning'; readonly message: string }
  /** The file was touched or replaced while it was sent; the server got the bytes that were checked all the same. */
  | { readonly type: 'source-changed'; readonly path: string };

/**
 * Wraps a caller's callback: what it throws, or rejects with, does not reach the upload, and is passed on once.
 *
 * A callback may be an async function, whatever its type says; nobody would catch its rejection.
 */
export function guarded<T>(callback: ((value: T) => unknown) | undefined, onThrow: (error: unknown) => void) {
  let hasThrown = false;
  const report = (error: unknown) => {
    if (!hasThrown) onThrow(error);
    hasThrown = true;
  };
  return (value: T): void => {
    try {
      const result = callback?.(value);
      if (result instanceof Promise) result.catch(report);
    } catch (error) {
      report(error);
    }
  };
}

/** Ten a second is more than anybody can see. */
const MIN_INTERVAL_MS = 100;

export interface ProgressReporter {
  /** A new phase or attempt is always reported; within one at most ten times a second. */
  report(phase: Progress['phase'], bytesSent: number, attempt: number, parts?: PartsProgress): void;
  /** Reports the last state, if that was held back. */
  end(): void;
}

export function createProgressReporter(
  bytesTotal: number,
  now: () => number,
  send: (progress: Progress) => void,
): ProgressReporter {
  let last: Progress | undefined;
  let heldBack: Progress | undefined;
  let sentAt = Number.NEGATIVE_INFINITY;
  let begunAt = now();
  const pass = (progress: Progress) => {
    heldBack = undefined;
    last = progress;
    sentAt = now();
    send(progress);
  };
  return {
    report(phase, bytesSent, attempt, parts) {
      const isNews = last?.phase !== phase || last.attempt !== attempt;
      if (phase === 'connect') begunAt = now();
      const seconds = (now() - begunAt) / 1000;
      const bytesPerSecond = seconds > 0 ? Math.round(bytesSent / seconds) : 0;
      const progress = { phase, bytesSent, bytesTotal, bytesPerSecond, attempt, ...(parts && { parts }) };
      if (isNews || now() - sentAt >= MIN_INTERVAL_MS) pass(progress);
      else heldBack = progress;
    },
    end() {
      if (heldBack !== undefined) pass(heldBack);
    },
  };
}
