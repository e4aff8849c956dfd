import { sleep } from './retry/sleep.js';

/** Time and chance, which tests replace. */
export interface Runtime {
  /** Milliseconds since the epoch: for what others are told, or have told. It jumps when the clock is set. */
  now(): number;
  /** Whole milliseconds since some moment: for how long something takes. It never jumps. */
  elapsed(): number;
  /** In [0, 1). */
  random(): number;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls `run` once, later.
   *
   * @returns a function that prevents it
   */
  after(ms: number, run: () => void): () => void;
}

/** `setTimeout` takes anything longer for 1. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemRuntime: Runtime = {
  now: Date.now,
  elapsed: () => Math.round(performance.now()),
  random: Math.random,
  sleep,
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
