import type { ChatExample, ChatMessage } from './chat.js';

/** A preference example as rules see it: what is present has the right shape. */
export interface PreferenceExample {
  readonly input?: ChatExample;
  readonly preferred_output?: readonly ChatMessage[];
  readonly non_preferred_output?: readonly ChatMessage[];
}
