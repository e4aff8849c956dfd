import { createLineScanner, LINE_FLAGS, type LineScanner, sharedLineScanner } from '../json/line-scanner.js';
import { parseJson } from '../json/parse-json.js';
import type { FormatName } from './index.js';

/** How many 32-bit words the record of an example has: four for the example, its prompt and its answer each. */
export const RECORD_WORDS = 12;
/** Where in a record the 128 bits stand; the first two words of each are 64 bits that are as good a hash of that size. */
export const RECORD = { example: 0, prompt: 4, answer: 8 } as const;

/** What a record holds. */
export type RecordKind =
  /** Nothing: the text is no JSON object, or nested too deep. */
  | 'none'
  /** The example alone: it has no prompt with an answer. */
  | 'example'
  /** The example, what the model is given, and what it is to answer. */
  | 'pair';

/** What equal JSON values share: some words of a hash, in an array of many. */
export interface Fingerprint {
  readonly words: Uint32Array;
  /** Where they begin: 128 bits, of which the first 64 are as good a hash of that size. */
  readonly at: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Makes the fingerprints of examples. */
export interface Fingerprints {
  /**
   * Writes the record of an example: numbers that equal JSON values share, whatever the order of their keys, their white
   * space, escapes and spelling of numbers.
   *
   * The prompt of a chat is all before the last answer that is trained on, with its tools and functions. The weight of an
   * answer is no part of it, nor are the ids of its calls. What the shape of the example is must have been checked:
   * where it is faulty, prompt and answer mean nothing.
   *
   * @param record - Gets {@link RECORD_WORDS} words from `at` on; without a pair the last eight are 0.
   */
  ofLine(line: string | Uint8Array, format: FormatName | 'unknown', record: Uint32Array, at?: number): RecordKind;
  /**
   * The same of the line that the scanner has just scanned, and that it took: nothing is read again. Not for a line that
   * has a key twice (`LINE_FLAGS.sameKeys`).
   */
  ofScanned(format: FormatName | 'unknown', record: Uint32Array, at?: number): RecordKind;
}

/**
 * @example
 * const fingerprints = createFingerprints();
 * const record = new Uint32Array(RECORD_WORDS);
 * if (fingerprints.ofLine(bytes, 'chat', record) === 'pair') table.add(record[RECORD.prompt], record[RECORD.prompt + 1]);
 *
 * @param scanner - @default the shared one: what it said of another line before is lost.
 */
export function createFingerprints(scanner: LineScanner = sharedLineScanner()): Fingerprints {
  const ofScanned: Fingerprints['ofScanned'] = (format, record, at = 0) => {
    scanner.exampleHash(record, at);
    const hasPair = format !== 'unknown' && format !== 'reinforcement' && scanner.pairHashes(format, record, at + 4);
    if (hasPair) return 'pair';
    record.fill(0, at + RECORD.prompt, at + RECORD_WORDS);
    return 'example';
  };
  return {
    ofScanned,
    ofLine(line, format, record, at = 0) {
      if (!(typeof line === 'string' ? scanner.scanText(line) : scanner.scan(line))) return 'none';
      // Of a key that stands twice the last value counts, as it does for JSON.parse.
      if ((scanner.flags & LINE_FLAGS.sameKeys) !== 0) {
        const text = typeof line === 'string' ? line : decoder.decode(line);
        scanner.scanText(JSON.stringify(parseJson(text)));
      }
      return ofScanned(format, record, at);
    },
  };
}

/** 53 of the 64 bits that begin at a word: a key for a `Map`. */
export function numberAt(record: Uint32Array, at: number): number {
  return record[at]! * 0x200000 + (record[at + 1]! >>> 11);
}

const single = new Uint32Array(4);
let valueScanner: LineScanner | undefined;

/** The fingerprint of a single JSON value; the same number as {@link numberAt} has for an example with this value. */
export function valueFingerprint(value: unknown): number {
  // Not the shared one: rules call this while the line at hand is in that one, whose record is still to be made.
  valueScanner ??= createLineScanner();
  const scanner = valueScanner;
  scanner.scanValue(JSON.stringify(value));
  scanner.exampleHash(single, 0);
  return numberAt(single, 0);
}
