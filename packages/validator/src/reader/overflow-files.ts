import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FingerprintOverflow, OverflowRoom } from '../formats/fingerprint-overflow.js';

/** By their first bits the fingerprints of all examples are spread over so many files, one of which fits into memory. */
const FILES = 256;
/** So much of each file is collected before it is written. */
const BUFFER_BYTES = 32 * 1024;

/** An overflow room in the temporary directory of the system, that is made when it is needed. */
export interface OverflowFiles extends OverflowRoom {
  /** Removes all files. */
  close(): void;
}

/** @param after - See {@link OverflowRoom}. */
export function createOverflowFiles(after: number): OverflowFiles {
  const opened: FingerprintOverflow[] = [];
  let directory: string | undefined;
  return {
    after,
    open(words, numbers) {
      directory ??= mkdtempSync(join(tmpdir(), 'tunegate-'));
      const overflow = openOverflow(join(directory, String(opened.length)), words, numbers);
      opened.push(overflow);
      return overflow;
    },
    close() {
      for (const overflow of opened) overflow.close();
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Part {
  readonly file: number;
  readonly buffer: Buffer;
  used: number;
}

function openOverflow(path: string, words: number, numbers: number): FingerprintOverflow {
  const entryBytes = words * 4 + numbers * 8;
  const parts = new Map<number, Part>();

  const partOf = (key: number): Part => {
    let part = parts.get(key);
    if (part === undefined) {
      part = { file: openSync(`${path}-${key}`, 'wx+', 0o600), buffer: Buffer.allocUnsafe(BUFFER_BYTES), used: 0 };
      parts.set(key, part);
    }
    return part;
  };

  const flush = (part: Part) => {
    for (let from = 0; from < part.used; ) from += writeSync(part.file, part.buffer, from, part.used - from);
    part.used = 0;
  };

  return {
    add({ words: key, at }, values) {
      const part = partOf(key[at]! % FILES);
      if (part.used + entryBytes > part.buffer.length) flush(part);
      for (let word = 0; word < words; word += 1) part.used = part.buffer.writeUInt32LE(key[at + word]!, part.used);
      for (let index = 0; index < numbers; index += 1) {
        part.used = part.buffer.writeDoubleLE(values[index] ?? 0, part.used);
      }
    },
    *groups() {
      for (const part of parts.values()) {
        flush(part);
        yield* groupsIn(readAll(part.file), words, numbers);
      }
    },
    close() {
      for (const { file } of parts.values()) closeSync(file);
      parts.clear();
    },
  };
}

function readAll(file: number): Buffer {
  const bytes = Buffer.allocUnsafe(fstatSync(file).size);
  for (let at = 0; at < bytes.length; ) {
    const length = readSync(file, bytes, at, bytes.length - at, at);
    if (length === 0) break;
    at += length;
  }
  return bytes;
}

function* groupsIn(bytes: Buffer, words: number, numbers: number): Iterable<number[][]> {
  const entryBytes = words * 4 + numbers * 8;
  const keyBytes = words * 4;
  const order = new Uint32Array(bytes.length / entryBytes).map((_, index) => index);
  const compare = (a: number, b: number) =>
    bytes.compare(bytes, b * entryBytes, b * entryBytes + keyBytes, a * entryBytes, a * entryBytes + keyBytes) || a - b;
  order.sort(compare);
  const valuesOf = (entry: number) =>
    Array.from({ length: numbers }, (_, index) => bytes.readDoubleLE(entry * entryBytes + keyBytes + index * 8));
  const isSame = (a: number, b: number) =>
    bytes.compare(bytes, b * entryBytes, b * entryBytes + keyBytes, a * entryBytes, a * entryBytes + keyBytes) === 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && isSame(order[from]!, order[to]!)) to += 1;
    if (to - from > 1) yield [...order.subarray(from, to)].map(valuesOf);
    from = to;
  }
}
