import type { Dialect, DialectName } from './dialect.js';
import { generic, openai } from './openai.js';

/** `null`: known, and not implemented. */
export const dialects: Readonly<Record<DialectName, Dialect | null>> = {
  openai,
  generic,
  azure: null,
  together: null,
  mistral: null,
};
