import type { Dialect } from './dialect.js';
import { openai } from './openai.js';

/**
 * A server that speaks as OpenAI does, at an address that the caller gives; some want no key.
 *
 * Its listing proves nothing until it has shown a file: some gateways list nothing at all, and LiteLLM lists files under
 * names and sizes of its own (BerriAI/litellm issues 39536, 39836).
 */
export const generic: Dialect = {
  ...openai,
  name: 'generic',
  defaultBaseURL: null,
  needsKey: false,
  // Most have none, and what they answer instead is not always a 404.
  parts: null,
  listing: { keepsNames: false, isComplete: false },
};
