import { OptionsError } from '../errors.js';
import { type Encoding, encodingOf, isEncoding, type TokenCounterOptions, unknownEncoding } from './encodings.js';
import { createEngine } from './engine.js';
import { loadVocabulary } from './load-vocabulary.js';
import { createTiktokenCount } from './tiktoken.js';

/** Counts tokens of texts in one encoding. */
export interface TokenCounter {
  /** The name of the encoding, for example `o200k_base`. */
  readonly encoding: string;
  /**
   * How many tokens a text has: exactly `encode_ordinary(text).length` of tiktoken, the text of special tokens
   * included, which counts as the plain text that it is. A lone surrogate counts as U+FFFD.
   */
  count(text: string): number;
  /** The same of a text in well-formed UTF-8, without making a string of it. */
  countUtf8(bytes: Uint8Array): number;
}

/** A counter in one of our own encodings, which threads can share. */
export interface EngineCounter extends TokenCounter {
  readonly encoding: Encoding;
}

/** One counter for all who count in an encoding in this thread. */
const counters = new Map<string, Promise<TokenCounter>>();

/**
 * Loads an encoding. A counter takes 14 MB, the next ones of the same encoding 9 MB each.
 *
 * `o200k_base`, `cl100k_base`, `o200k_harmony`, `p50k_base` and `r50k_base` are counted in time that grows with the
 * text. Another encoding that the installed `tiktoken` has, as `gpt2`, is counted by `tiktoken` itself: a hundredth as
 * fast and less, in time that grows with the square of a long word.
 *
 * @throws {OptionsError} When the encoding is unknown, or nothing is known of the model.
 */
export async function createTokenCounter(options: TokenCounterOptions): Promise<TokenCounter> {
  const { encoding: named, model }: { encoding?: unknown; model?: unknown } = options ?? {};
  if (typeof (named ?? model) !== 'string') {
    throw new OptionsError('encoding', 'neither an encoding nor a model is named: encoding: "o200k_base", for example');
  }
  const encoding = 'encoding' in options ? options.encoding : encodingOf(options.model);
  return isEncoding(encoding) ? createEngineCounter(encoding) : kept(encoding, () => byTiktoken(encoding));
}

/** As {@link createTokenCounter}, in one of our own encodings. */
export function createEngineCounter(encoding: Encoding): Promise<EngineCounter> {
  return kept(encoding, async () => {
    const vocabulary = await loadVocabulary(encoding);
    const { count, countUtf8 } = createEngine(vocabulary.take());
    return { encoding, count, countUtf8 };
  });
}

async function byTiktoken(encoding: string): Promise<TokenCounter> {
  const count = await createTiktokenCount(encoding);
  if (count === undefined) throw unknownEncoding(encoding);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return { encoding, count, countUtf8: (bytes) => count(decoder.decode(bytes)) };
}

/** One that could not be loaded is tried again the next time. */
function kept<Counter extends TokenCounter>(encoding: string, load: () => Promise<Counter>): Promise<Counter> {
  const before = counters.get(encoding);
  if (before !== undefined) return before as Promise<Counter>;
  const counter = load();
  counters.set(encoding, counter);
  counter.catch(() => counters.delete(encoding));
  return counter;
}
