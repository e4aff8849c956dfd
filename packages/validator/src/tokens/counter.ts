import { type Encoding, resolveEncoding, type TokenCounterOptions } from './encodings.js';
import { createEngine } from './engine.js';
import { loadVocabulary } from './load-vocabulary.js';

/** Counts tokens of texts in one encoding. */
export interface TokenCounter {
  readonly encoding: Encoding;
  /**
   * How many tokens a text has: exactly `encode_ordinary(text).length` of tiktoken, the text of special tokens
   * included, which counts as the plain text that it is. A lone surrogate counts as U+FFFD.
   */
  count(text: string): number;
  /** The same of a text in well-formed UTF-8, without making a string of it. */
  countUtf8(bytes: Uint8Array): number;
}

/** One counter for all who count in an encoding in this thread. */
const counters = new Map<Encoding, Promise<TokenCounter>>();

/**
 * Loads an encoding. A counter takes 12 MB, the next ones of the same encoding 7 MB each.
 *
 * @throws {OptionsError} When the encoding is unknown, or nothing is known of the model.
 */
export async function createTokenCounter(options: TokenCounterOptions): Promise<TokenCounter> {
  const encoding = resolveEncoding(options);
  let counter = counters.get(encoding);
  if (counter === undefined) {
    counter = load(encoding);
    counters.set(encoding, counter);
    counter.catch(() => counters.delete(encoding));
  }
  return counter;
}

async function load(encoding: Encoding): Promise<TokenCounter> {
  const vocabulary = await loadVocabulary(encoding);
  const { count, countUtf8 } = createEngine(vocabulary.take());
  return { encoding, count, countUtf8 };
}
