import type { LineText } from '../reporter.js';
import type { Fingerprint, Fingerprinter } from './fingerprint.js';
import type { FormatName } from './index.js';
import { promptAndAnswer } from './prompt-and-answer.js';

/** The fingerprints of some examples, and where these stand: plain data, for the rules that compare examples. */
export interface ExampleRecords {
  readonly count: number;
  /** Four numbers an example: line, number of the example, first byte of the line, bytes of the line. */
  readonly places: Float64Array;
  /** Three fingerprints an example, of the whole, of prompt and of answer; then whether it has these two. */
  readonly words: Uint32Array;
  /** The text of each line, where it was kept. */
  readonly texts?: readonly string[];
}

const PLACE_NUMBERS = 4;

/** Where a recorded example stands. */
export interface RecordedPlace {
  readonly line: number;
  readonly number: number;
  readonly byteStart: number;
  readonly byteLength: number;
}

/** Records examples one by one. */
export interface ExampleRecorder {
  add(format: FormatName, example: object, line: LineText): void;
  /** What was recorded since the last call; valid until the next example is added. */
  take(): ExampleRecords;
}

/** @param size - Words of a fingerprint. @param keepsTexts - Whether the text of each line is kept beside its record. */
export function createExampleRecorder(
  fingerprinter: Fingerprinter,
  size: number,
  keepsTexts: boolean,
): ExampleRecorder {
  const stride = 3 * size + 1;
  let places = new Float64Array(64 * PLACE_NUMBERS);
  let words = new Uint32Array(64 * stride);
  let texts: string[] = [];
  let count = 0;
  return {
    add(format, example, line) {
      if ((count + 1) * stride > words.length) {
        places = enlarged(places, new Float64Array(places.length * 2));
        words = enlarged(words, new Uint32Array(words.length * 2));
      }
      const place = count * PLACE_NUMBERS;
      places[place] = line.number;
      places[place + 1] = line.example ?? 0;
      places[place + 2] = line.byteStart;
      places[place + 3] = line.byteLength ?? 0;
      if (keepsTexts) texts.push(line.text);
      const at = count * stride;
      fingerprinter.forget();
      fingerprinter.write(example, words, at, size);
      const parts = promptAndAnswer(format, example);
      if (parts !== undefined) {
        fingerprinter.write(parts.prompt, words, at + size, size);
        fingerprinter.write(parts.answer, words, at + 2 * size, size);
      }
      words[at + 3 * size] = parts === undefined ? 0 : 1;
      count += 1;
    },
    take() {
      const taken = {
        count,
        places: places.subarray(0, count * PLACE_NUMBERS),
        words: words.subarray(0, count * stride),
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

/** The fingerprints of the example with this index. @param size - Words of a fingerprint. */
export function fingerprintsOfRecord(
  { words }: ExampleRecords,
  index: number,
  size: number,
): { readonly whole: Fingerprint; readonly prompt?: Fingerprint; readonly answer?: Fingerprint } {
  const at = index * (3 * size + 1);
  const whole = { words, at };
  if (words[at + 3 * size] === 0) return { whole };
  return { whole, prompt: { words, at: at + size }, answer: { words, at: at + 2 * size } };
}
