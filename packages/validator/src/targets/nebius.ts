import type { Target } from './target.js';

/** Nebius Token Factory. Source: its fine-tuning page: files of up to 5 GB, uploaded with OpenAI's client. */
export const nebius = {
  name: 'nebius',
  displayName: 'Nebius',
  dialect: 'openai',
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  limits: { maxFileBytes: 5_000_000_000 },
  defaults: { encoding: 'o200k_base' },
  severities: {},
} as const satisfies Target;
