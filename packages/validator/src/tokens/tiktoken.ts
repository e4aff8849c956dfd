import type { Tiktoken } from 'tiktoken/lite';

/** The encodings that tiktoken ships ranks for. */
export type TiktokenEncoding = 'o200k_base' | 'cl100k_base' | 'p50k_base' | 'r50k_base';

/** What tiktoken ships for each encoding: its ranks, its special tokens and its pattern. */
export interface TiktokenRanks {
  /** Lines of `! <first rank> <token in base64>…`. */
  readonly bpe_ranks: string;
  readonly special_tokens: Record<string, number>;
  readonly pat_str: string;
}

/** The package's types describe an ES module; Node loads the CommonJS one, whose exports are the default. */
export async function loadTiktokenRanks(encoding: TiktokenEncoding): Promise<TiktokenRanks> {
  const module: { default: unknown } = await importRanks(encoding);
  return module.default as TiktokenRanks;
}

/** Each path is written out, so that a bundler finds it. */
function importRanks(encoding: TiktokenEncoding): Promise<{ default: unknown }> {
  switch (encoding) {
    case 'o200k_base':
      return import('tiktoken/encoders/o200k_base');
    case 'cl100k_base':
      return import('tiktoken/encoders/cl100k_base');
    case 'p50k_base':
      return import('tiktoken/encoders/p50k_base');
    case 'r50k_base':
      return import('tiktoken/encoders/r50k_base');
  }
}

/** tiktoken itself: the oracle of the tests, and the counter of encodings that the engine does not know. */
export async function createTiktoken({ bpe_ranks, special_tokens, pat_str }: TiktokenRanks): Promise<Tiktoken> {
  const { Tiktoken } = await import('tiktoken/lite');
  return new Tiktoken(bpe_ranks, special_tokens, pat_str);
}
