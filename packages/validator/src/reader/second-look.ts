import { readSync } from 'node:fs';
import { LINE_FEED } from './lines.js';

/** Reads lines of a file again that have been read before. */
export interface SecondLook {
  /** Notes where a line begins; called in the order of the file. Not every line must be noted. */
  note(line: number, byteStart: number): void;
  /** The text of a line; `undefined` when it cannot be read any more. Reads at once: it is in the cache of the system. */
  textOf(line: number): string | undefined;
}

/** One line in so many is remembered: the others are found by reading on from there. */
const NOTED_EVERY = 16;
const FIRST_READ = 16 * 1024;

/**
 * @param file - Descriptor of the open file, which may have another name by now, or none.
 * @param maxLineBytes - No line that was noted is longer.
 */
export function createSecondLook(file: number, maxLineBytes: number): SecondLook {
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
  const readLine = (skip: number, from: number): string | undefined => {
    for (let size = FIRST_READ; ; size *= 4) {
      const buffer = Buffer.allocUnsafe(size);
      const bytes = buffer.subarray(0, readSync(file, buffer, 0, size, from));
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
        if (feed !== -1 || isEnd) return bytes.toString('utf8', start, feed === -1 ? bytes.length : feed);
      }
      if (isEnd || size > (maxLineBytes + 1) * (NOTED_EVERY + 1) * 4) return undefined;
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
    textOf(line) {
      const index = indexBefore(line);
      if (noted === 0 || lines[index]! > line) return undefined;
      try {
        return readLine(line - lines[index]!, starts[index]!);
      } catch {
        return undefined;
      }
    },
  };
}

function longer(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(numbers.length * 2);
  copy.set(numbers);
  return copy;
}
