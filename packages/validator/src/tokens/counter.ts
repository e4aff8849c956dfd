import { OptionsError } from '../errors.js';
import { suggest } from '../rules/suggest.js';
import { findModel } from '../targets/models.js';

/** The encodings that can be counted in. */
export const ENCODINGS = ['o200k_base', 'cl100k_base'] as const;

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

/** One vocabulary for all counters of an encoding: it takes 85 MB. */
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

/** What tiktoken ships for each encoding: its ranks and its pattern. */
interface Ranks {
  readonly bpe_ranks: string;
  readonly special_tokens: Record<string, number>;
  readonly pat_str: string;
}

async function load(encoding: Encoding): Promise<TokenCounter> {
  const [{ Tiktoken }, ranks] = await Promise.all([import('tiktoken/lite'), loadRanks(encoding)]);
  const tiktoken = new Tiktoken(ranks.bpe_ranks, ranks.special_tokens, ranks.pat_str);
  return { encoding, count: (text) => (text === '' ? 0 : tiktoken.encode_ordinary(text).length) };
}

/** The package's types describe an ES module; Node loads the CommonJS one, whose exports are the default. */
async function loadRanks(encoding: Encoding): Promise<Ranks> {
  const module: { default: unknown } =
    encoding === 'o200k_base'
      ? await import('tiktoken/encoders/o200k_base')
      : await import('tiktoken/encoders/cl100k_base');
  return module.default as Ranks;
}
