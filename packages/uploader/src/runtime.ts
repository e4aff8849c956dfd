import { sleep } from './retry/sleep.js';

/** Time and chance, which tests replace. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
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
  random: Math.random,
  sleep,
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
