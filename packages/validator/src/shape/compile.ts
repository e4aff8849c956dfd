import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { chatSchema, messagesSchema, toolsSchema } from '../formats/chat.schema.js';
import { completionSchema } from '../formats/completion.schema.js';
import { outputSchema, preferenceSchema } from '../formats/preference.schema.js';
import { reinforcementSchema } from '../formats/reinforcement.schema.js';

/**
 * The source text of `validators.gen.ts`: one validator for each format, with no import of ajv left in it.
 *
 * All faults of an example are wanted, not the first one; `verbose` stays off, because it would keep the data alive.
 */
export function compileFormats(): string {
  const ajv = new Ajv({
    allErrors: true,
    discriminator: true,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    messages: false,
    // Only whole lists are referred to: for each time that it finds faults there, ajv copies all that it found before.
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addSchema([messagesSchema, toolsSchema, outputSchema]);
  ajv.addSchema([chatSchema, reinforcementSchema, preferenceSchema, completionSchema]);
  const code = standalone.default(ajv, {
    validateChat: 'chat',
    validateReinforcement: 'reinforcement',
    validatePreference: 'preference',
    validateCompletion: 'completion',
  });
  if (/\b(require|import)\b/.test(code))
    throw new Error('a compiled validator imports something: the schema needs a runtime part of ajv');
  return [
    '// @ts-nocheck: written by scripts/generate.ts from the schemas in formats/; never edited.',
    "import type { ShapeValidator } from './shape.js';",
    code.replace(/^"use strict";/, '').replace(/export const (\w+) = (\w+);/g, 'export const $1: ShapeValidator = $2;'),
    '',
  ].join('\n');
}
