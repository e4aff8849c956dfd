import { writeSync } from 'node:fs';
import { EXIT } from './exit-code.js';

/** Ctrl-C, an end that is asked for, a terminal window that is closed. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What each of the {@link SIGNALS} does to the process. */
export interface Interruption {
  /** Aborted by the first one: the command ends in order. */
  readonly signal: AbortSignal;
  /** To be called for each. */
  interrupt(): void;
}

/**
 * Milliseconds in which a second one is the echo of the first: a terminal sends Ctrl-C to npm and to the program that npm
 * runs, and npm passes its own on.
 */
const ECHO_MS = 300;

/**
 * The first Ctrl-C asks the command to end, a second one ends the process at once.
 *
 * @param now Milliseconds of any clock.
 */
export function createInterruption({ now, exit }: { now: () => number; exit: () => void }): Interruption {
  const controller = new AbortController();
  let first: number | undefined;
  return {
    signal: controller.signal,
    interrupt() {
      if (first === undefined) {
        first = now();
        controller.abort(new Error('interrupted'));
      } else if (now() - first >= ECHO_MS) exit();
    },
  };
}

const STDERR = 2;

/** Ends the process with the one line that there is to say: the command had no time for its own words. */
export function endAtOnce(): never {
  try {
    // To the descriptor itself: a stream may not have written when the process ends.
    writeSync(STDERR, 'tunegate: interrupted\n');
  } catch {
    // It is closed, or full: the code says it, too.
  }
  process.exit(EXIT.interrupted);
}
