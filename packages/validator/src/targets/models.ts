import type { Encoding } from '../tokens/encodings.js';
/** A base model that can be, or could be, fine-tuned. */
export interface Model {
  /** The id, or the beginning of the ids, that the entry is about. */
  readonly id: string;
  readonly encoding: Encoding;
  /** Tokens of one example that are trained on; longer examples are cut. Absent where none is published. */
  readonly maxExampleTokens?: number;
  /** Price of one million trained tokens, in US dollars; absent where training is not priced by token. */
  readonly pricePerMillion?: number;
  /** The methods by which it can be trained. Absent where none are published: then any may be right. */
  readonly methods?: readonly ('supervised' | 'dpo' | 'reinforcement')[];
  /** Whether it is trained on prompt and completion instead of messages. @default false */
  readonly takesCompletions?: boolean;
  /** Whether it can be trained on images, by the name of the target. Absent where nothing is published. */
  readonly takesImages?: Readonly<Record<string, boolean>>;
  /** The day from which it cannot be used any more, YYYY-MM-DD. Absent where none is published. */
  readonly shutdownDate?: string;
  /** Whether only the family of the model is known, not the model. @default false */
  readonly isFamilyOnly?: boolean;
}

/** The day on which the table was read, YYYY-MM-DD. */
export const MODELS_DATED = '2026-11-22';

const TEXT_ONLY = { openai: false, azure: false } as const;

const O200K_CHAT = {
  encoding: 'o200k_base',
  maxExampleTokens: 65_536,
  methods: ['supervised', 'dpo'],
  takesImages: TEXT_ONLY,
} as const;

const CL100K_CHAT = {
  encoding: 'cl100k_base',
  maxExampleTokens: 16_385,
  pricePerMillion: 8,
  methods: ['supervised'],
  takesImages: TEXT_ONLY,
} as const;

const COMPLETIONS = {
  encoding: 'cl100k_base',
  maxExampleTokens: 16_384,
  methods: ['supervised'],
  takesCompletions: true,
  takesImages: TEXT_ONLY,
} as const;

/**
 * The base models.
 *
 * Sources: OpenAI's fine-tuning best-practices guide (training context), its pricing page (price), `model.py` of the
 * `tiktoken` project (encoding). Methods: OpenAI's guides to supervised, direct preference and reinforcement
 * fine-tuning; a job of another method is refused ("Finetuning with o4-mini-2025-04-16 requires the reinforcement
 * method of finetuning."). Images: OpenAI's vision fine-tuning guide names gpt-4o-2024-08-06, Azure's gpt-4o and
 * gpt-4.1. Shutdown: OpenAI's deprecations page, notices effective 2026-10-23 and 2027-01-14; "Inference on fine-tuned
 * models will continue … until the base models are deprecated."
 */
export const models: readonly Model[] = [
  {
    id: 'gpt-4.1-2025-04-14',
    ...O200K_CHAT,
    pricePerMillion: 25,
    takesImages: { openai: false, azure: true },
    shutdownDate: '2027-01-14',
  },
  { id: 'gpt-4.1-mini-2025-04-14', ...O200K_CHAT, pricePerMillion: 5, shutdownDate: '2027-01-14' },
  { id: 'gpt-4.1-nano-2025-04-14', ...O200K_CHAT, pricePerMillion: 1.5, shutdownDate: '2026-10-23' },
  {
    id: 'gpt-4o-2024-08-06',
    ...O200K_CHAT,
    pricePerMillion: 25,
    takesImages: { openai: true, azure: true },
    shutdownDate: '2027-01-14',
  },
  {
    id: 'gpt-4o-mini-2024-07-18',
    ...O200K_CHAT,
    methods: ['supervised'],
    pricePerMillion: 3,
    shutdownDate: '2027-01-14',
  },
  { id: 'gpt-3.5-turbo-0125', ...CL100K_CHAT, shutdownDate: '2026-10-23' },
  { id: 'gpt-3.5-turbo-1106', ...CL100K_CHAT, shutdownDate: '2026-10-23' },
  { id: 'gpt-3.5-turbo-0613', ...CL100K_CHAT, maxExampleTokens: 4_096 },
  { id: 'babbage-002', ...COMPLETIONS, pricePerMillion: 0.4 },
  { id: 'davinci-002', ...COMPLETIONS, pricePerMillion: 6 },
  {
    id: 'o4-mini-2025-04-16',
    encoding: 'o200k_base',
    maxExampleTokens: 65_536,
    methods: ['reinforcement'],
    takesImages: TEXT_ONLY,
    shutdownDate: '2026-10-23',
  },
];

/** What all models of a family have in common. */
type Family = Pick<Model, 'encoding' | 'methods'>;

const O200K: Family = { encoding: 'o200k_base' };
const CL100K: Family = { encoding: 'cl100k_base' };
/** OpenAI's guides: reasoning models are trained by reinforcement only. */
const REASONING: Family = { encoding: 'o200k_base', methods: ['reinforcement'] };

/**
 * Families by the beginning of a model's id, the longest that fits wins.
 *
 * Source of the encodings: `MODEL_PREFIX_TO_ENCODING` of `tiktoken/model.py`.
 */
const FAMILY_BY_PREFIX: readonly (readonly [prefix: string, family: Family])[] = [
  ['gpt-4o', O200K],
  ['gpt-4.1', O200K],
  ['gpt-4.5', O200K],
  ['gpt-5', REASONING],
  ['chatgpt-4o', O200K],
  ['o1', REASONING],
  ['o3', REASONING],
  ['o4-mini', REASONING],
  ['gpt-4', CL100K],
  ['gpt-3.5', CL100K],
  ['gpt-35', CL100K],
  ['davinci-002', CL100K],
  ['babbage-002', CL100K],
];

/**
 * What is known of a model.
 *
 * A dated id without its date finds the newest entry (`gpt-4.1-mini`); a fine-tuned model (`ft:gpt-4.1-mini…:org::id`)
 * is its base model.
 *
 * @param table - The models to look among. @default {@link models}
 * @returns The entry of the table; an entry with what its family has in common where only that is known; `undefined`
 *   for a model of which nothing is known.
 */
export function findModel(id: string, table: readonly Model[] = models): Model | undefined {
  const base = id.startsWith('ft:') ? (id.split(':')[1] ?? '') : id;
  const exact = table.find((model) => model.id === base);
  if (exact !== undefined) return exact;
  const dated = table.find(
    (model) => /^-(\d{4}-\d{2}-\d{2}|\d{4})$/.test(model.id.slice(base.length)) && model.id.startsWith(base),
  );
  if (dated !== undefined) return dated;
  let family: (typeof FAMILY_BY_PREFIX)[number] | undefined;
  for (const entry of FAMILY_BY_PREFIX) {
    if (base.startsWith(entry[0]) && entry[0].length > (family?.[0].length ?? 0)) family = entry;
  }
  return family === undefined ? undefined : { id: base, ...family[1], isFamilyOnly: true };
}
