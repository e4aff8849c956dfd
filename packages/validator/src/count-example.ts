import { OptionsError } from './errors.js';
import { detectFormat, type FormatName } from './formats/index.js';
import { describeType } from './rules/quote.js';
import { checkShape, withoutFaults } from './shape/shape.js';
import { countExampleTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';
import type { ExampleTokens } from './tokens/example-tokens.js';

/** Options of {@link countTokens}. */
export interface CountTokensOptions {
  /** Made once with `createTokenCounter`, for many examples. */
  readonly counter: TokenCounter;
  /** @default that of its keys; a chat where they tell none */
  readonly format?: FormatName;
}

/**
 * Counts the tokens of one parsed example, as a check of its line does: the count of each text is exact, that of the whole
 * an estimate by the provider's published formula. Parts of the wrong shape count nothing.
 *
 * @param example - What `JSON.parse` gave, or what is about to be written.
 * @throws {OptionsError} When it is no object.
 */
export function countTokens(example: unknown, { counter, format }: CountTokensOptions): ExampleTokens {
  if (typeof example !== 'object' || example === null || Array.isArray(example)) {
    throw new OptionsError('example', `an example is an object, not ${describeType(example)}`);
  }
  const known = format ?? detectFormat(example) ?? 'chat';
  const faults = checkShape(known, example);
  return countExampleTokens(known, faults.length === 0 ? example : withoutFaults(example, faults), counter);
}
