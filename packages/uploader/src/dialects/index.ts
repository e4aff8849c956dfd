import { azure } from './azure.js';
import type { Dialect, DialectName } from './dialect.js';
import { generic } from './generic.js';
import { mistral } from './mistral.js';
import { openai } from './openai.js';
import { together } from './together.js';

export const dialects: Readonly<Record<DialectName, Dialect>> = { openai, azure, together, mistral, generic };
