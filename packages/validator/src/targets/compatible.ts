import type { Target } from './target.js';

/** Any other endpoint that speaks OpenAI's protocol: structure is checked, a provider's limits are not. */
export const compatible = {
  name: 'compatible',
  displayName: 'the endpoint',
  dialect: 'generic',
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  limits: {},
  defaults: { encoding: 'o200k_base' },
  severities: {
    'file/wrong-extension': 'warning',
    'example/unknown-key': 'warning',
    'messages/unknown-key': 'warning',
    // Silent until the configuration sets the limit.
    'messages/message-too-long': 'error',
    'tokens/budget': 'error',
    'dataset/too-many-examples': 'error',
  },
} as const satisfies Target;
