import type { Environment, Output } from './output.js';

/** A line that says how far things are. */
export interface Progress {
  /** Shows a new state; most calls are dropped, so the text is made only when it is shown. */
  update(text: () => string): void;
  /** Takes the line away, so that something else can be written there. */
  clear(): Promise<void>;
}

/** How progress is shown: rewritten in place, as lines of a log, or not at all. */
export type ProgressMode = 'line' | 'log' | 'off';

/** Milliseconds between two states: fast enough to look alive, too slow to cost anything; a log gets few lines. */
const PACE: Record<Exclude<ProgressMode, 'off'>, number> = { line: 100, log: 5000 };

const CLEAR_LINE = '\r\u001b[2K';
/** For wide characters, which take more columns than they have code units: a second line would not be taken away. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';

/** @param now Milliseconds of any clock. */
export function createProgress(output: Output, mode: ProgressMode, now: () => number): Progress {
  if (mode === 'off') return { update() {}, async clear() {} };
  // Progress that cannot be written is none: what matters says so itself.
  const write = (text: string) => output.write(text).catch(() => {});
  const cut = (text: string) => {
    const room = (output.columns ?? Number.POSITIVE_INFINITY) - 1;
    return text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
  };
  // The first state is shown after one pace: what is done by then needs none.
  let nextAt = now() + PACE[mode];
  let isShown = false;
  return {
    update(text) {
      if (now() < nextAt) return;
      nextAt = now() + PACE[mode];
      if (mode === 'log') void write(`${text()}\n`);
      else {
        isShown = true;
        void write(`${CLEAR_LINE}${NO_WRAP}${cut(text())}${WRAP}`);
      }
    },
    async clear() {
      if (!isShown) return;
      isShown = false;
      await write(CLEAR_LINE);
    },
  };
}

/** Off unless a person looks on; `--progress` forces it, `--no-progress` and `--quiet` forbid it. */
export function progressMode(
  flags: { readonly progress?: true; readonly 'no-progress'?: true; readonly quiet?: true },
  env: Environment,
  output: Pick<Output, 'isTTY'>,
): ProgressMode {
  if (flags['no-progress'] || flags.quiet) return 'off';
  // A dumb terminal, as in an editor, cannot take a line away.
  if (output.isTTY && env.TERM !== 'dumb') return 'line';
  return flags.progress ? 'log' : 'off';
}
