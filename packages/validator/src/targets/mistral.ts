import type { Target } from './target.js';

/** Mistral. Source: its fine-tuning guide: training files of up to 512 MB, examples that end with the assistant, links of images as plain strings; and its API: `training_files` is a list. */
export const mistral = {
  name: 'mistral',
  displayName: 'Mistral',
  dialect: 'mistral',
  roles: ['system', 'user', 'assistant', 'tool'],
  takesPlainImageUrls: true,
  trainsOnSeveralFiles: true,
  limits: { maxFileBytes: 536_870_912, ambiguousFileBytes: 512_000_000 },
  defaults: { encoding: 'o200k_base' },
  severities: {
    'messages/last-not-assistant': 'error',
    'tools/unanswered-call': 'error',
    'tools/call-id-format': 'error',
  },
} as const satisfies Target;
