import type { LineText } from '../reporter.js';
import { type Fingerprint, RECORD, RECORD_WORDS, type RecordKind } from './fingerprint.js';

/** The fingerprints of some examples, and where these stand: plain data, for the rules that compare examples. */
export interface ExampleRecords {
  readonly count: number;
  /** Four numbers an example: line, number of the example, first byte of the line, bytes of the line. */
  readonly places: Float64Array;
  /** The record of each example, see `fingerprint.ts`; then whether it has a prompt and an answer. */
  readonly words: Uint32Array;
  /** The text of each line, or its bytes, where they were kept. */
  readonly texts?: readonly (string | Uint8Array)[];
}

const PLACE_NUMBERS = 4;
const STRIDE = RECORD_WORDS + 1;
const FIRST_CAPACITY = 64;

/** Where a recorded example stands. */
export interface RecordedPlace {
  readonly line: number;
  readonly number: number;
  readonly byteStart: number;
  readonly byteLength: number;
}

/** Records examples one by one. */
export interface ExampleRecorder {
  add(kind: RecordKind, record: Uint32Array, line: LineText, text: string | Uint8Array): void;
  /** What was recorded since the last call; valid until the next example is added. */
  take(): ExampleRecords;
}

/** @param keepsTexts - Whether the text of each line is kept beside its record. */
export function createExampleRecorder(keepsTexts: boolean): ExampleRecorder {
  let places = new Float64Array(FIRST_CAPACITY * PLACE_NUMBERS);
  let words = new Uint32Array(FIRST_CAPACITY * STRIDE);
  let texts: (string | Uint8Array)[] = [];
  let count = 0;
  return {
    add(kind, record, line, text) {
      if (kind === 'none') return;
      if ((count + 1) * STRIDE > words.length) {
        places = enlarged(places, new Float64Array(places.length * 2));
        words = enlarged(words, new Uint32Array(words.length * 2));
      }
      const place = count * PLACE_NUMBERS;
      places[place] = line.number;
      places[place + 1] = line.example ?? 0;
      places[place + 2] = line.byteStart;
      places[place + 3] = line.byteLength ?? 0;
      const at = count * STRIDE;
      words.set(record, at);
      words[at + RECORD_WORDS] = kind === 'pair' ? 1 : 0;
      if (keepsTexts) texts.push(text);
      count += 1;
    },
    take() {
      const taken = {
        count,
        places: places.subarray(0, count * PLACE_NUMBERS),
        words: words.subarray(0, count * STRIDE),
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

/** Where the example with this index stands. */
export function placeOfRecord({ places }: ExampleRecords, index: number): RecordedPlace {
  const at = index * PLACE_NUMBERS;
  return { line: places[at]!, number: places[at + 1]!, byteStart: places[at + 2]!, byteLength: places[at + 3]! };
}

/** The fingerprints of the example with this index. */
export function fingerprintsOfRecord(
  { words }: ExampleRecords,
  index: number,
): { readonly whole: Fingerprint; readonly prompt?: Fingerprint; readonly answer?: Fingerprint } {
  const at = index * STRIDE;
  const whole = { words, at: at + RECORD.example };
  if (words[at + RECORD_WORDS] === 0) return { whole };
  return { whole, prompt: { words, at: at + RECORD.prompt }, answer: { words, at: at + RECORD.answer } };
}
