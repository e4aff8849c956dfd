import { sleep } from './retry/sleep.js';

/** Time and chance, which tests replace. The timers of an exchange stay real: they guard real sockets. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemRuntime: Runtime = { now: Date.now, random: Math.random, sleep };
