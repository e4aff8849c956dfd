import type { Target } from './target.js';

/**
 * Azure OpenAI (Foundry).
 *
 * Source: Microsoft's "Azure OpenAI quotas and limits" and "Customize a model with fine-tuning" pages, which also ask
 * for a byte order mark. Roles and their order: `SCHEMA.md` and `dataset_validation.py` of microsoft-foundry/fine-tuning;
 * its issue 23 reports that an answer right after a tool call is refused ("contains invalid schema (20)").
 */
export const azure = {
  name: 'azure',
  displayName: 'Azure OpenAI',
  dialect: 'azure',
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  limits: {
    maxFileBytes: 536_870_912,
    // Microsoft's REST reference has the same Uploads API with the same limit.
    maxFileBytesInParts: 8_589_934_592,
    ambiguousFileBytes: 512_000_000,
    minExamples: 10,
    maxJobTokens: 2_000_000_000,
    maxMessageCharacters: 1_048_576,
    maxImages: 64,
    maxImageBytes: 10_000_000,
    maxImageExamples: 50_000,
    maxReinforcementExamples: 50_000,
    maxReinforcementValidExamples: 1_000,
  },
  defaults: { encoding: 'o200k_base', maxExampleTokens: 65_536 },
  severities: {
    'file/byte-order-mark': 'off',
    'file/missing-byte-order-mark': 'warning',
    'messages/developer-role': 'off',
    'messages/no-user': 'error',
    'messages/starts-with-assistant': 'error',
    'messages/consecutive-assistant': 'error',
    'messages/message-too-long': 'error',
    'tools/unanswered-call': 'error',
    'tokens/budget': 'error',
  },
} as const satisfies Target;
