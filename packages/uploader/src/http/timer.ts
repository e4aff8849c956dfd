import type { Runtime } from '../runtime.js';

/** Guards one phase after the other, each with its own limit. */
export interface Timer {
  /** Starts anew, in place of what runs. */
  start(ms: number, onTime: () => void): void;
  stop(): void;
  /** Stops for good: later starts do nothing. */
  retire(): void;
}

export function createTimer(after: Runtime['after']): Timer {
  let cancel = () => {};
  let isRetired = false;
  return {
    start(ms, onTime) {
      cancel();
      if (!isRetired) cancel = after(ms, onTime);
    },
    stop() {
      cancel();
    },
    retire() {
      isRetired = true;
      cancel();
    },
  };
}
