import type { LinePlace } from '../rule.js';
import { PLACE_NUMBERS, placeFromNumbers, placeToNumbers } from './place-numbers.js';

/** So many lines with different answers are named. */
const MAX_NAMED_LINES = 5;

/** A prompt with more than one answer: where its first few different ones stand. */
export interface Conflict {
  /** Of the second answer. */
  readonly place: LinePlace;
  readonly lines: readonly number[];
  /** Whether there are more different answers than lines that are named. */
  readonly hasMore: boolean;
}

/** Prompts with different answers. */
export interface Conflicts {
  /** Whether there is one of the prompt that first stood in this line. */
  has(firstLine: number): boolean;
  /** The second answer has been found. An answer is 32 bits of a fingerprint. */
  add(firstLine: number, firstAnswer: number, line: number, answer: number, place: LinePlace): void;
  /** One more answer has been found. */
  extend(firstLine: number, line: number, answer: number): void;
  [Symbol.iterator](): Iterator<Conflict>;
}

// The numbers that are kept of each, in one array: of sampled answers there may be a conflict in every other line.
const LINES = 0;
const ANSWERS = LINES + MAX_NAMED_LINES;
const COUNT = ANSWERS + MAX_NAMED_LINES;
const HAS_MORE = COUNT + 1;
const PLACE = HAS_MORE + 1;
const STRIDE = PLACE + PLACE_NUMBERS;

export function createConflicts(): Conflicts {
  const places = new Map<number, number>();
  let numbers = new Float64Array(16 * STRIDE);
  let used = 0;

  const allocate = () => {
    if (used + STRIDE > numbers.length) {
      const larger = new Float64Array(numbers.length * 2);
      larger.set(numbers);
      numbers = larger;
    }
    const at = used;
    used += STRIDE;
    return at;
  };

  return {
    has: (firstLine) => places.has(firstLine),
    add(firstLine, firstAnswer, line, answer, place) {
      const at = allocate();
      places.set(firstLine, at);
      numbers.set([firstLine, line], at + LINES);
      numbers.set([firstAnswer, answer], at + ANSWERS);
      numbers.set([2, 0, ...placeToNumbers(place)], at + COUNT);
    },
    extend(firstLine, line, answer) {
      const at = places.get(firstLine)!;
      const count = numbers[at + COUNT]!;
      for (let index = 0; index < count; index += 1) if (numbers[at + ANSWERS + index] === answer) return;
      if (count === MAX_NAMED_LINES) {
        numbers[at + HAS_MORE] = 1;
        return;
      }
      numbers[at + LINES + count] = line;
      numbers[at + ANSWERS + count] = answer;
      numbers[at + COUNT] = count + 1;
    },
    *[Symbol.iterator]() {
      for (let at = 0; at < used; at += STRIDE) {
        const lines = [...numbers.subarray(at + LINES, at + LINES + numbers[at + COUNT]!)];
        yield { place: placeFromNumbers(numbers, at + PLACE), lines, hasMore: numbers[at + HAS_MORE] === 1 };
      }
    },
  };
}
