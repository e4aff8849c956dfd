import type { PassedLines } from '../json/scanner-instance.js';
import type { LineText } from '../reporter.js';
import { RECORD_WORDS, type RecordKind } from './fingerprint.js';

/** Lines that stand together. */
export interface KeptLines {
  readonly bytes: Uint8Array;
  /** Where the bytes stand in the file. */
  readonly place: number;
}

/** The text of a line, its bytes, or those among which they are. */
export type KeptText = string | Uint8Array | KeptLines;

/** The fingerprints of some examples, and where these stand: plain data, for the rules that compare examples. */
export interface ExampleRecords {
  readonly count: number;
  /** Four numbers an example: line, number of the example, first byte of the line, bytes of the line. */
  readonly places: Float64Array;
  /** The record of each example, see `fingerprint.ts`; then whether it has a prompt and an answer. */
  readonly words: Uint32Array;
  /** The text of each line, or its bytes, where they were kept. */
  readonly texts?: readonly KeptText[];
}

/** Numbers of `places` for an example. */
export const PLACE_NUMBERS = 4;
/** Numbers of `words` for an example. */
export const RECORD_STRIDE = RECORD_WORDS + 1;
const FIRST_CAPACITY = 64;

/** Records examples one by one. */
export interface ExampleRecorder {
  add(kind: RecordKind, record: Uint32Array, line: LineText, text: string | Uint8Array): void;
  /** Adds so many lines that have passed. @param kept - Where they are. */
  addPassed(passed: PassedLines, count: number, kept: KeptLines): void;
  /** What was recorded since the last call; valid until the next example is added. */
  take(): ExampleRecords;
}

/** @param keepsTexts - Whether the text of each line is kept beside its record. */
export function createExampleRecorder(keepsTexts: boolean): ExampleRecorder {
  let places = new Float64Array(FIRST_CAPACITY * PLACE_NUMBERS);
  let words = new Uint32Array(FIRST_CAPACITY * RECORD_STRIDE);
  let texts: KeptText[] = [];
  let count = 0;
  const makeRoom = (more: number) => {
    while ((count + more) * RECORD_STRIDE > words.length) {
      places = enlarged(places, new Float64Array(places.length * 2));
      words = enlarged(words, new Uint32Array(words.length * 2));
    }
  };
  return {
    addPassed(passed, more, kept) {
      makeRoom(more);
      words.set(passed.records.subarray(0, more * RECORD_STRIDE), count * RECORD_STRIDE);
      places.set(passed.places.subarray(0, more * PLACE_NUMBERS), count * PLACE_NUMBERS);
      count += more;
      if (keepsTexts) while (texts.length < count) texts.push(kept);
    },
    add(kind, record, line, text) {
      if (kind === 'none') return;
      makeRoom(1);
      const place = count * PLACE_NUMBERS;
      places[place] = line.number;
      places[place + 1] = line.example ?? 0;
      places[place + 2] = line.byteStart;
      places[place + 3] = line.byteLength ?? 0;
      const at = count * RECORD_STRIDE;
      words.set(record, at);
      words[at + RECORD_WORDS] = kind === 'pair' ? 1 : 0;
      if (keepsTexts) texts.push(text);
      count += 1;
    },
    take() {
      const taken = {
        count,
        places: places.subarray(0, count * PLACE_NUMBERS),
        words: words.subarray(0, count * RECORD_STRIDE),
        ...(keepsTexts ? { texts } : {}),
      };
      texts = [];
      count = 0;
      return taken;
    },
  };
}

function enlarged<Numbers extends Float64Array | Uint32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
