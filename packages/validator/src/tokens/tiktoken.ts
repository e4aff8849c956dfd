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

/**
 * Counts in an encoding that tiktoken has and our engine has not: `gpt2`, `p50k_edit`, and what a later tiktoken brings.
 *
 * @returns `undefined` when tiktoken has none of that name either.
 */
export async function createTiktokenCount(encoding: string): Promise<((text: string) => number) | undefined> {
  const { get_encoding } = await import('tiktoken');
  try {
    const tiktoken = get_encoding(encoding as Parameters<typeof get_encoding>[0]);
    return (text) => tiktoken.encode_ordinary(text).length;
  } catch {
    return undefined;
  }
}

/** tiktoken with ranks and a pattern of any kind: the oracle of the tests. */
export async function createTiktoken({ bpe_ranks, special_tokens, pat_str }: TiktokenRanks): Promise<Tiktoken> {
  const { Tiktoken } = await import('tiktoken/lite');
  return new Tiktoken(bpe_ranks, special_tokens, pat_str);
}
