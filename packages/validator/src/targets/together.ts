import type { Target } from './target.js';

/**
 * Together.
 *
 * Source: `together` Python package 1.5, `constants.py` and `utils/files.py`: 50.1 GB a file, roles system, user and
 * assistant, `weight` 0 or 1 on any message, "`user` and `assistant` roles must alternate".
 */
export const together = {
  name: 'together',
  displayName: 'Together',
  dialect: 'together',
  roles: ['system', 'user', 'assistant'],
  takesImageLinks: false,
  limits: { maxFileBytes: 50_100_000_000, minExamples: 1, maxImages: 10, maxImageBytes: 10_000_000 },
  defaults: { encoding: 'o200k_base' },
  severities: {
    'messages/weight-on-non-assistant': 'off',
    'messages/starts-with-assistant': 'error',
    'messages/role-alternation': 'error',
    'preference/input-ends-with-assistant': 'error',
  },
} as const satisfies Target;
