import { OptionsError } from './errors.js';
import { detectFormat } from './formats/detect.js';
import { FORMATS, type FormatName } from './formats/index.js';
import { parseJson } from './json/parse-json.js';
import { writeJson } from './json/write-json.js';
import { describeType, quote } from './rules/quote.js';
import { checkShape, withoutFaults } from './shape/shape.js';
import { countExampleTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';
import type { ExampleTokens } from './tokens/example-tokens.js';

/** What {@link countTokens} counts with. */
export interface CountTokensOptions {
  /** See {@link createTokenCounter}. */
  readonly counter: TokenCounter;
  /** What the example is. @default what its keys say; `chat` where it has `messages` */
  readonly format?: FormatName;
}

/** The tokens of one example. */
export interface TokenCount extends ExampleTokens {
  readonly format: FormatName;
  /**
   * The count of each text is exact. How texts are put together is by the formula of OpenAI's cookbook, which calls it
   * an estimate; and for tool calls, images of newer models and preferences there is no published one.
   */
  readonly isEstimate: true;
}

/**
 * Counts the tokens of one example that has been parsed already: all of it, what is trained on, the definitions of
 * tools, and which message has the most. Images that are only linked are taken to have 1024 by 1024 pixels.
 *
 * @param example - What `JSON.parse` gave, or what is about to be written. Parts of the wrong shape count nothing.
 * @throws {OptionsError} When there is no counter, when the example is no object, cannot be written as JSON, or has the
 *   keys of no format and none is named.
 */
export function countTokens(example: unknown, options: CountTokensOptions): TokenCount {
  const { counter, format }: Partial<CountTokensOptions> = options ?? {};
  if (typeof counter?.count !== 'function') {
    throw new OptionsError('counter', 'there is no counter to count with; createTokenCounter makes one');
  }
  if (typeof example !== 'object' || example === null || Array.isArray(example)) {
    throw new OptionsError('example', `an example is an object, not ${describeType(example)}`);
  }
  // As it will be read: without `undefined`, holes, and methods of its own.
  const value = parseJson(writeJson(example)) as object;
  if (format !== undefined && !FORMATS.includes(format)) {
    throw new OptionsError('format', `unknown format ${quote(format)}; the formats are ${FORMATS.join(', ')}`);
  }
  const found = format ?? detectFormat(value);
  if (found === undefined) {
    throw new OptionsError(
      'format',
      'the example has none of the keys by which a format is known: "messages"; "prompt" and "completion"; "input" ' +
        'and "preferred_output". Say what it is meant to be: format: "chat", for example',
    );
  }
  const faults = checkShape(found, value);
  const sound = faults.length === 0 ? value : withoutFaults(value, faults);
  return { format: found, ...countExampleTokens(found, sound, counter), isEstimate: true };
}
