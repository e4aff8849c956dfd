import type { LineText, Reporter } from './reporter.js';

/** So many blank lines in a row are reported one by one; the rest of a longer run in one. */
const MAX_SINGLE_BLANKS = 1_000;

/** A run of blank lines: what it means shows only with the line behind it. */
export interface BlankRun {
  /** @param number - Of the line. @param byteStart - Its offset in the file. */
  add(number: number, byteStart: number): void;
  /** Ends the run: it stood between two examples, or at the end of the file. `undefined` when there was none. */
  take(): { between(): void; trailing(): void } | undefined;
}

/** Collects runs of blank lines in bounded memory. */
export function createBlankRun(reporter: Reporter): BlankRun {
  let first = 0;
  let count = 0;
  let starts: number[] = [];
  let restStart = 0;

  const report = (
    rule: 'line/blank' | 'line/trailing-blank',
    number: number,
    byteStart: number,
    blankLines: number,
  ) => {
    const line: LineText = { number, byteStart, text: '' };
    reporter.inLine(line, [{ finding: { rule, params: { count: blankLines } }, span: { start: 0, end: 0 }, path: [] }]);
  };

  return {
    add(number, byteStart) {
      if (count === 0) first = number;
      count += 1;
      if (starts.length < MAX_SINGLE_BLANKS) starts.push(byteStart);
      else if (count === MAX_SINGLE_BLANKS + 1) restStart = byteStart;
    },
    take() {
      if (count === 0) return undefined;
      const run = { first, count, starts, restStart };
      count = 0;
      starts = [];
      return {
        between() {
          for (const [index, start] of run.starts.entries()) report('line/blank', run.first + index, start, 1);
          const rest = run.count - run.starts.length;
          if (rest > 0) report('line/blank', run.first + run.starts.length, run.restStart, rest);
        },
        trailing() {
          report('line/trailing-blank', run.first, run.starts[0]!, run.count);
        },
      };
    },
  };
}
