/** A base model that can be, or could be, fine-tuned. */
export interface Model {
  /** The id, or the beginning of the ids, that the entry is about. */
  readonly id: string;
  readonly encoding: 'o200k_base' | 'cl100k_base';
  /** Tokens of one example that are trained on; longer examples are cut. Absent where none is published. */
  readonly maxExampleTokens?: number;
  /** Price of one million trained tokens, in US dollars; absent where training is not priced by token. */
  readonly pricePerMillion?: number;
}

/** The day on which the table was read, YYYY-MM-DD. */
export const MODELS_DATED = '2026-11-22';

/**
 * The base models.
 *
 * Sources: OpenAI's fine-tuning best-practices guide (training context), its pricing page (price), `model.py` of the
 * `tiktoken` project (encoding).
 */
export const models: readonly Model[] = [
  { id: 'gpt-4.1-2025-04-14', encoding: 'o200k_base', maxExampleTokens: 65_536, pricePerMillion: 25 },
  { id: 'gpt-4.1-mini-2025-04-14', encoding: 'o200k_base', maxExampleTokens: 65_536, pricePerMillion: 5 },
  { id: 'gpt-4.1-nano-2025-04-14', encoding: 'o200k_base', maxExampleTokens: 65_536, pricePerMillion: 1.5 },
  { id: 'gpt-4o-2024-08-06', encoding: 'o200k_base', maxExampleTokens: 65_536, pricePerMillion: 25 },
  { id: 'gpt-4o-mini-2024-07-18', encoding: 'o200k_base', maxExampleTokens: 65_536, pricePerMillion: 3 },
  { id: 'gpt-3.5-turbo-0125', encoding: 'cl100k_base', maxExampleTokens: 16_385, pricePerMillion: 8 },
  { id: 'gpt-3.5-turbo-1106', encoding: 'cl100k_base', maxExampleTokens: 16_385, pricePerMillion: 8 },
  { id: 'gpt-3.5-turbo-0613', encoding: 'cl100k_base', maxExampleTokens: 4_096, pricePerMillion: 8 },
  { id: 'babbage-002', encoding: 'cl100k_base', maxExampleTokens: 16_384, pricePerMillion: 0.4 },
  { id: 'davinci-002', encoding: 'cl100k_base', maxExampleTokens: 16_384, pricePerMillion: 6 },
  { id: 'o4-mini-2025-04-16', encoding: 'o200k_base', maxExampleTokens: 65_536 },
];

/**
 * Encodings by the beginning of a model's id, the longest that fits wins.
 *
 * Source: `MODEL_PREFIX_TO_ENCODING` of `tiktoken/model.py`.
 */
const ENCODING_BY_PREFIX: readonly (readonly [prefix: string, encoding: Model['encoding']])[] = [
  ['gpt-4o', 'o200k_base'],
  ['gpt-4.1', 'o200k_base'],
  ['gpt-4.5', 'o200k_base'],
  ['gpt-5', 'o200k_base'],
  ['chatgpt-4o', 'o200k_base'],
  ['o1', 'o200k_base'],
  ['o3', 'o200k_base'],
  ['o4-mini', 'o200k_base'],
  ['gpt-4', 'cl100k_base'],
  ['gpt-3.5', 'cl100k_base'],
  ['gpt-35', 'cl100k_base'],
  ['davinci-002', 'cl100k_base'],
  ['babbage-002', 'cl100k_base'],
];

/**
 * What is known of a model.
 *
 * A dated id without its date finds the newest entry (`gpt-4.1-mini`); a fine-tuned model (`ft:gpt-4.1-mini…:org::id`)
 * is its base model.
 *
 * @returns The entry of the table; an entry with the encoding alone where only the family is known; `undefined` for a
 *   model of which nothing is known.
 */
export function findModel(id: string): Model | undefined {
  const base = id.startsWith('ft:') ? (id.split(':')[1] ?? '') : id;
  const exact = models.find((model) => model.id === base);
  if (exact !== undefined) return exact;
  const dated = models.find(
    (model) => /^-(\d{4}-\d{2}-\d{2}|\d{4})$/.test(model.id.slice(base.length)) && model.id.startsWith(base),
  );
  if (dated !== undefined) return dated;
  let family: (typeof ENCODING_BY_PREFIX)[number] | undefined;
  for (const entry of ENCODING_BY_PREFIX) {
    if (base.startsWith(entry[0]) && entry[0].length > (family?.[0].length ?? 0)) family = entry;
  }
  return family === undefined ? undefined : { id: base, encoding: family[1] };
}
