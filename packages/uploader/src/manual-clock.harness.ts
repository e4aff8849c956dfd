import { createTestRuntime } from '../../../test-fixtures/src/test-runtime.js';
import type { Runtime } from './runtime.js';

/** A runtime whose time stands still until a test moves it: ten minutes pass in no time, and 9.9 s are not 10 s. */
export interface ManualClock extends Runtime {
  /** The waits before retries, in milliseconds; they are over at once. */
  readonly waits: number[];
  /** Delays of the timers that run, in milliseconds. */
  pending(): number[];
  /** Waits until a timer of exactly this length runs. */
  started(ms: number): Promise<void>;
  /** Waits until a timer of exactly this length runs, then lets it run out. */
  runOut(ms: number): Promise<void>;
  /** Lets so much time pass. */
  advance(ms: number): void;
}

export function createManualClock(): ManualClock {
  const runtime = createTestRuntime();
  const timers = new Set<{ at: number; ms: number; run: () => void }>();
  let passed = 0;

  const clock: ManualClock = {
    ...runtime,
    now: () => runtime.now() + passed,
    elapsed: () => runtime.elapsed() + passed,
    after(ms, run) {
      const timer = { at: passed + ms, ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pending: () => [...timers].map(({ ms }) => ms),
    async started(ms) {
      // The sockets are real: what a test waits for comes in its own time.
      while (![...timers].some((timer) => timer.ms === ms)) await new Promise((later) => setTimeout(later, 1));
    },
    async runOut(ms) {
      await clock.started(ms);
      clock.advance(ms);
    },
    advance(ms) {
      passed += ms;
      for (const timer of timers) {
        if (timer.at > passed) continue;
        timers.delete(timer);
        timer.run();
      }
    },
  };
  return clock;
}
