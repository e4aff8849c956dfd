import { readSync } from 'node:fs';
import { LINE_FEED } from './lines.js';

/** The file that lines are read from again. */
export interface RereadFile {
  /** Of the very file that was read, whatever stands under its name by now; `undefined` when it cannot be had any more. */
  descriptor(): number | undefined;
  /** Ends what {@link descriptor} opened. */
  release(): void;
}

/** Reads lines of a file again that have been read before. */
export interface SecondLook {
  /** Notes where a line begins; called in the order of the file. Not every line must be noted. */
  note(line: number, byteStart: number): void;
  /** The text of a line; `undefined` when it cannot be read any more. Reads at once: it is in the cache of the system. */
  textOf(line: number): string | undefined;
  /** The same, and where its first byte is in the file. */
  lineAt(line: number): LineAgain | undefined;
  close(): void;
}

/** A line that was read again. */
export interface LineAgain {
  readonly text: string;
  readonly byteStart: number;
}

/** One line in so many is remembered: the others are found by reading on from there. */
const NOTED_EVERY = 16;
const FIRST_READ = 16 * 1024;

/**
 * @param file - Asked at each look.
 * @param maxLineBytes - No line that was noted is longer.
 */
export function createSecondLook(file: RereadFile, maxLineBytes: number): SecondLook {
  let lines = new Float64Array(1024);
  let starts = new Float64Array(1024);
  let noted = 0;
  let skipped = NOTED_EVERY;

  const indexBefore = (line: number): number => {
    let low = 0;
    let high = noted - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (lines[middle]! <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  /** Lines are few bytes as a rule: reads little, and more when that was not enough. */
  const readLine = (skip: number, from: number): LineAgain | undefined => {
    const descriptor = file.descriptor();
    if (descriptor === undefined) return undefined;
    for (let size = FIRST_READ; ; size *= 4) {
      const buffer = Buffer.allocUnsafe(size);
      const bytes = buffer.subarray(0, readSync(descriptor, buffer, 0, size, from));
      let start = 0;
      let left = skip;
      while (left > 0) {
        const feed = bytes.indexOf(LINE_FEED, start);
        if (feed === -1) break;
        start = feed + 1;
        left -= 1;
      }
      const isEnd = bytes.length < size;
      if (left === 0) {
        const feed = bytes.indexOf(LINE_FEED, start);
        if (feed !== -1 || isEnd) {
          return { text: bytes.toString('utf8', start, feed === -1 ? bytes.length : feed), byteStart: from + start };
        }
      }
      if (isEnd || size > (maxLineBytes + 1) * (NOTED_EVERY + 1) * 4) return undefined;
    }
  };

  const lineAt = (line: number): LineAgain | undefined => {
    const index = indexBefore(line);
    if (noted === 0 || lines[index]! > line) return undefined;
    try {
      return readLine(line - lines[index]!, starts[index]!);
    } catch {
      return undefined;
    }
  };

  return {
    note(line, byteStart) {
      skipped += 1;
      if (skipped < NOTED_EVERY) return;
      skipped = 0;
      if (noted === lines.length) {
        lines = longer(lines);
        starts = longer(starts);
      }
      lines[noted] = line;
      starts[noted] = byteStart;
      noted += 1;
    },
    textOf: (line) => lineAt(line)?.text,
    lineAt,
    close: () => file.release(),
  };
}

function longer(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(numbers.length * 2);
  copy.set(numbers);
  return copy;
}
