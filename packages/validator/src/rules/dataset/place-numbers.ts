import type { LinePlace } from '../rule.js';

/** How many numbers a place is kept in. */
export const PLACE_NUMBERS = 6;

/** Where an example stands, in numbers: the place of a whole line. */
export function placeToNumbers({ line, column, endColumn, byteOffset, example }: LinePlace): number[] {
  const [start, end] = byteOffset ?? [0, 0];
  return [line ?? 0, column ?? 1, endColumn ?? 1, start, end, example ?? 0];
}

/** @param at - Where its numbers begin. */
export function placeFromNumbers(numbers: ArrayLike<number>, at: number): LinePlace {
  const line = numbers[at]!;
  return {
    line,
    column: numbers[at + 1]!,
    endLine: line,
    endColumn: numbers[at + 2]!,
    byteOffset: [numbers[at + 3]!, numbers[at + 4]!],
    pointer: '',
    example: numbers[at + 5]!,
  };
}
