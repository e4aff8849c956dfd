import { stepInto } from '../json/path.js';
import type { FormatName } from './index.js';

/** Shapes of other tools and providers, by the name that people know them by. */
export type ForeignShape =
  | 'ShareGPT'
  | 'Alpaca'
  | 'OpenAI evals'
  | 'a batch request'
  | 'Bedrock'
  | 'Gemini'
  | 'a TRL preference'
  | 'raw text'
  | 'a single message';

/** Keys under which a preference's outputs are found, right and wrong ones. */
const OUTPUT_KEYS = [
  'preferred_output',
  'non_preferred_output',
  'preferred_completion',
  'non_preferred_completion',
  'chosen',
  'rejected',
] as const;

/** Which format an example has by its keys; `undefined` when it has none of them. */
export function detectFormat(example: object): FormatName | undefined {
  if (isObject(stepInto(example, 'input')) && OUTPUT_KEYS.some((key) => Object.hasOwn(example, key)))
    return 'preference';
  if (Object.hasOwn(example, 'prompt') && Object.hasOwn(example, 'completion')) return 'completion';
  if (Object.hasOwn(example, 'messages') && !isBedrock(example)) return 'chat';
  // Nobody else has these names: what is wrong is its input.
  if (Object.hasOwn(example, 'preferred_output') || Object.hasOwn(example, 'non_preferred_output')) return 'preference';
  return undefined;
}

/** What an example without a known format looks like. */
export function detectForeignShape(example: object): ForeignShape | undefined {
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(example, key));
  if (isBedrock(example)) return 'Bedrock';
  if (has('conversations') || has('conversation')) return 'ShareGPT';
  if (has('instruction') && (has('output') || has('response'))) return 'Alpaca';
  if (has('input', 'ideal')) return 'OpenAI evals';
  if (has('custom_id', 'body')) return 'a batch request';
  if (has('contents')) return 'Gemini';
  if (has('chosen', 'rejected')) return 'a TRL preference';
  if (has('role', 'content')) return 'a single message';
  if (has('text')) return 'raw text';
  return undefined;
}

/** Bedrock's conversations carry their schema's name. Source: "Prepare data for fine-tuning" of Amazon Bedrock. */
function isBedrock(example: object): boolean {
  const version = stepInto(example, 'schemaVersion');
  return typeof version === 'string' && version.startsWith('bedrock-conversation');
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
