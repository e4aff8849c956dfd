import type { Target } from './target.js';

/**
 * Fireworks.
 *
 * Source: its fine-tuning guide: 3 to 3 million examples, the system message first, a `weight` for a whole example too, and
 * `reasoning_content` in messages of the assistant. Its own tool uploads datasets.
 */
export const fireworks = {
  name: 'fireworks',
  displayName: 'Fireworks',
  dialect: 'none',
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  exampleKeys: ['weight'],
  assistantKeys: ['reasoning_content'],
  limits: { minExamples: 3, maxExamples: 3_000_000 },
  defaults: { encoding: 'o200k_base' },
  severities: { 'messages/system-position': 'error', 'dataset/too-many-examples': 'error' },
} as const satisfies Target;
