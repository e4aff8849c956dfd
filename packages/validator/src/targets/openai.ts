import type { Target } from './target.js';

/**
 * OpenAI.
 *
 * Sources: the Files API reference ("Individual files can be up to 512 MB"), the fine-tuning guide ("at least 10
 * lines") and the best-practices guide (training context of 65,536 tokens for the gpt-4o and gpt-4.1 families). Whether
 * 512 MB are 512 × 10⁶ or 512 × 2²⁰ bytes is stated nowhere; the audio endpoint's "25 MB" is enforced as 25 × 2²⁰.
 */
export const openai = {
  name: 'openai',
  displayName: 'OpenAI',
  dialect: 'openai',
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  limits: {
    maxFileBytes: 536_870_912,
    // "Up to 8 GB in multiple parts using the Uploads API" (best-practices guide), read as the 512 MB are.
    maxFileBytesInParts: 8_589_934_592,
    ambiguousFileBytes: 512_000_000,
    minExamples: 10,
    maxImages: 10,
    maxImageBytes: 10_000_000,
    maxImageExamples: 50_000,
    maxReinforcementExamples: 50_000,
    maxReinforcementValidExamples: 1_000,
  },
  defaults: { encoding: 'o200k_base', maxExampleTokens: 65_536 },
  severities: {},
} as const satisfies Target;
