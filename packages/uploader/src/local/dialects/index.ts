import { azure } from './azure.js';
import type { LocalDialectName, ServerDialect } from './dialect.js';
import { mistral } from './mistral.js';
import { openai } from './openai.js';
import { together } from './together.js';

export const serverDialects: Readonly<Record<LocalDialectName, ServerDialect>> = { openai, azure, together, mistral };
