import { TimeoutError } from './connection-errors.js';
import { AbortedError, UploaderError } from './errors.js';
import type { Runtime } from './runtime.js';

/** Everything that may end a call from outside, as one signal whose reason is the error to throw. */
export interface CallSignal {
  readonly signal: AbortSignal;
  /** Must be called when the call is over: it removes the listeners and the timer. */
  dispose(): void;
}

/**
 * @param sources the caller's signal, the client's own
 * @param deadline milliseconds from now on
 */
export function openCallSignal(
  sources: ReadonlyArray<AbortSignal | undefined>,
  deadline: number | undefined,
  after: Runtime['after'],
): CallSignal {
  const controller = new AbortController();
  const removals: Array<() => void> = [];
  for (const source of sources) {
    if (source === undefined) continue;
    const onAbort = () => controller.abort(abortReason(source));
    if (source.aborted) onAbort();
    source.addEventListener('abort', onAbort, { once: true });
    removals.push(() => source.removeEventListener('abort', onAbort));
  }
  if (deadline !== undefined) {
    const onDeadline = () => {
      const message = `the call was not done within ${deadline / 1000} s`;
      controller.abort(new TimeoutError('E_TIMEOUT_DEADLINE', message, deadline, { retryable: true }));
    };
    removals.push(after(deadline, onDeadline));
  }
  return {
    signal: controller.signal,
    dispose() {
      for (const remove of removals) remove();
    },
  };
}

/** @throws {AbortedError} */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortReason(signal);
}

function abortReason(signal: AbortSignal): UploaderError {
  const { reason } = signal;
  return reason instanceof UploaderError ? reason : new AbortedError('the call was aborted', { cause: reason });
}
