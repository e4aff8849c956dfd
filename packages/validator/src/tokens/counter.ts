import { OptionsError } from '../errors.js';
import { suggest } from '../rules/suggest.js';
import { findModel } from '../targets/models.js';
import { compileEngine, createEngine } from './engine.js';
import { type Asset, loadAsset } from './load-asset.js';
import { createTiktoken, loadTiktokenRanks } from './tiktoken.js';

/** The encodings that can be counted in. */
export const ENCODINGS = ['o200k_base', 'cl100k_base', 'o200k_harmony', 'p50k_base', 'r50k_base'] as const;

/** The name of a byte-pair encoding. */
export type Encoding = (typeof ENCODINGS)[number];

/** Counts tokens of texts in one encoding. */
export interface TokenCounter {
  readonly encoding: Encoding;
  /**
   * How many tokens a text has: exactly `encode_ordinary(text).length` of tiktoken, the text of special tokens
   * included, which counts as the plain text that it is. A lone surrogate counts as U+FFFD.
   */
  count(text: string): number;
}

/** Which encoding to count in: by name, or the one of a model. */
export type TokenCounterOptions = { readonly encoding: string } | { readonly model: string };

/** One counter for all who count in an encoding: it takes 15 MB. */
const counters = new Map<Encoding, Promise<TokenCounter>>();

/**
 * Loads an encoding.
 *
 * @throws {OptionsError} When the encoding is unknown, or nothing is known of the model.
 */
export async function createTokenCounter(options: TokenCounterOptions): Promise<TokenCounter> {
  const encoding = 'encoding' in options ? options.encoding : encodingOf(options.model);
  if (!isEncoding(encoding)) {
    const meant = suggest(encoding, ENCODINGS);
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new OptionsError(
      'encoding',
      `unknown encoding "${encoding}"; the known ones are ${ENCODINGS.join(', ')}.${hint}`,
    );
  }
  let counter = counters.get(encoding);
  if (counter === undefined) {
    counter = load(encoding);
    counters.set(encoding, counter);
  }
  return counter;
}

function encodingOf(model: string): string {
  const known = findModel(model);
  if (known === undefined) {
    throw new OptionsError(
      'model',
      `unknown model "${model}": name its encoding instead, one of ${ENCODINGS.join(', ')}`,
    );
  }
  return known.encoding;
}

function isEncoding(name: string): name is Encoding {
  return (ENCODINGS as readonly string[]).includes(name);
}

/**
 * The vocabulary that the engine counts an encoding with. gpt-oss's encoding differs from o200k_base only in its
 * special tokens, which are plain text here (tiktoken's `openai_public.py`).
 */
const VOCABULARIES = {
  o200k_base: 'o200k_base.bin',
  cl100k_base: 'cl100k_base.bin',
  o200k_harmony: 'o200k_base.bin',
} as const satisfies Partial<Record<Encoding, Asset>>;

async function load(encoding: Encoding): Promise<TokenCounter> {
  if (encoding === 'p50k_base' || encoding === 'r50k_base') return loadTiktoken(encoding);
  const [engine, vocabulary] = await Promise.all([
    loadAsset('engine.wasm').then(compileEngine),
    loadAsset(VOCABULARIES[encoding]),
  ]);
  const { count } = createEngine(engine, vocabulary);
  return { encoding, count };
}

/** The encodings of old models have a pattern that the engine does not know. */
async function loadTiktoken(encoding: 'p50k_base' | 'r50k_base'): Promise<TokenCounter> {
  const tiktoken = await createTiktoken(await loadTiktokenRanks(encoding));
  return { encoding, count: (text) => (text === '' ? 0 : tiktoken.encode_ordinary(text).length) };
}
