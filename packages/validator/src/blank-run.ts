import type { LineText, Reporter } from './reporter.js';

/** So many blank lines in a row are reported one by one; the rest of a longer run in one. */
const MAX_SINGLE_BLANKS = 1_000;

/** How many findings say that there are so many blank lines in a row between examples. */
export function blankFindings(count: number): number {
  return Math.min(count, MAX_SINGLE_BLANKS + 1);
}

/** A run of blank lines: what it means shows only with the line behind it. */
export interface BlankRun {
  /** Whether there is none. */
  readonly isEmpty: boolean;
  /** @param number - Of the line. @param byteStart - Its offset in the file. */
  add(number: number, byteStart: number): void;
  /**
   * Ends the run: it stood between two examples, or at the end of the file.
   *
   * @param end - Where the next line, or nothing, begins.
   * @returns `undefined` when there was none.
   */
  take(end: number): { between(): void; trailing(): void } | undefined;
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
    deletion: readonly [start: number, end: number],
    blankLines: number,
  ) => {
    const line: LineText = { number, byteStart: deletion[0], text: '' };
    const finding = { rule, params: { count: blankLines } } as const;
    reporter.inLine(line, [{ finding, span: { start: 0, end: 0 }, path: [], deletion }]);
  };

  return {
    get isEmpty() {
      return count === 0;
    },
    add(number, byteStart) {
      if (count === 0) first = number;
      count += 1;
      if (starts.length < MAX_SINGLE_BLANKS) starts.push(byteStart);
      else if (count === MAX_SINGLE_BLANKS + 1) restStart = byteStart;
    },
    take(end) {
      if (count === 0) return undefined;
      const run = { first, count, starts, restStart };
      count = 0;
      starts = [];
      return {
        between() {
          const rest = run.count - run.starts.length;
          const singlesEnd = rest > 0 ? run.restStart : end;
          for (const [index, start] of run.starts.entries()) {
            report('line/blank', run.first + index, [start, run.starts[index + 1] ?? singlesEnd], 1);
          }
          if (rest > 0) report('line/blank', run.first + run.starts.length, [run.restStart, end], rest);
        },
        trailing() {
          report('line/trailing-blank', run.first, [run.starts[0]!, end], run.count);
        },
      };
    },
  };
}

/** Spaces, tabs and carriage returns make a line no less blank: the server finds no JSON in it either. */
export function isBlankLine(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
