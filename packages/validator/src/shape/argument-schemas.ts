import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { findSchemaFaults } from '../formats/json-schema.js';
import { parsePointer, stepInto } from '../json/path.js';
import type { ArgumentMismatch, ArgumentSchemas } from '../rules/rule.js';
import { fitsPlainly } from './plain-schema.js';
import { STEP_KEYWORD, simplifySchema } from './simplify-schema.js';

/** Longer schemas, in characters of JSON, are not compiled: no function that a model is to call has one. */
const MAX_SCHEMA_CHARACTERS = 64 * 1024;
/** So many characters of schemas are kept compiled; those that were not asked for the longest go first. */
const MAX_CACHED_CHARACTERS = 1024 * 1024;
/**
 * So many characters of schemas are compiled for one dataset: at about 4 ms for a thousand characters, half a minute. What
 * comes behind them goes unchecked, so that no file can keep a check busy for hours.
 */
const MAX_COMPILED_CHARACTERS = 8 * 1024 * 1024;
/** So many subschemas are looked at for one call; alternatives within alternatives can multiply without end. */
const MAX_STEPS = 10_000;

/** Checks arguments of calls against the schemas that the example itself declares, once ajv has been loaded. */
export interface LoadableArgumentSchemas extends ArgumentSchemas {
  readonly isLoaded: boolean;
  load(): Promise<void>;
  /** Whether `check` needs ajv for these. */
  needsCompiling(schema: object, value: unknown): boolean;
  /** As `check` does, but with ajv alone. */
  checkCompiled: ArgumentSchemas['check'];
}

interface Compiled {
  readonly characters: number;
  /** Absent for a schema that cannot be checked against. */
  readonly validate: ValidateFunction | undefined;
}

class TooManyStepsError extends Error {}

/**
 * A checker of arguments for one dataset.
 *
 * ajv takes about 100 ms to load, so it is loaded when arguments first do not plainly fit; until then nothing mismatches. Each distinct
 * schema is compiled once. Schemas are data from strangers: they are cut down to what is known and harmless before, and
 * whatever fails or takes too long counts as fitting.
 */
export function createArgumentSchemas(): LoadableArgumentSchemas {
  const cache = new Map<string, Compiled>();
  let ajv: Ajv | undefined;
  let cached = 0;
  let compiled = 0;
  let steps = 0;

  const countStep = () => {
    steps += 1;
    if (steps > MAX_STEPS) throw new TooManyStepsError();
    return true;
  };

  const compile = (schema: object, characters: number): ValidateFunction | undefined => {
    compiled += characters;
    if (compiled > MAX_COMPILED_CHARACTERS || findSchemaFaults(schema).length > 0) return undefined;
    const simple = simplifySchema(schema);
    try {
      return ajv!.compile(simple);
    } catch {
      // A reference that leads nowhere, an empty enum, a place where no code may be made of text.
      return undefined;
    } finally {
      // Ours is the only cache: the other one has no bound.
      ajv!.removeSchema(simple);
    }
  };

  const forgetOldest = () => {
    for (const [oldest, { characters }] of cache) {
      if (cached <= MAX_CACHED_CHARACTERS) return;
      cache.delete(oldest);
      cached -= characters;
    }
  };

  const find = (schema: object): ValidateFunction | undefined => {
    const text = JSON.stringify(schema);
    if (text.length > MAX_SCHEMA_CHARACTERS) return undefined;
    let entry = cache.get(text);
    if (entry === undefined) {
      entry = { characters: text.length, validate: compile(schema, text.length) };
      cached += text.length;
      cache.set(text, entry);
    } else if (cached > MAX_CACHED_CHARACTERS / 2) {
      // Which was asked for last matters only where something may have to go.
      cache.delete(text);
      cache.set(text, entry);
    }
    if (cached > MAX_CACHED_CHARACTERS) forgetOldest();
    return entry.validate;
  };

  const checkCompiled = (schema: object, value: unknown): ArgumentMismatch | undefined => {
    if (ajv === undefined) return undefined;
    const validate = find(schema);
    if (validate === undefined) return undefined;
    steps = 0;
    try {
      if (validate(value)) return undefined;
    } catch {
      // Too many steps, or a schema that refers to itself for ever.
      return undefined;
    }
    // Of alternatives the last error is the one that says that none of them fits.
    const error = validate.errors?.at(-1);
    return error === undefined ? undefined : describeMismatch(error, value);
  };

  return {
    get isLoaded() {
      return ajv !== undefined;
    },

    async load() {
      const { Ajv } = await import('ajv');
      ajv ??= new Ajv({
        strict: false,
        meta: false,
        validateSchema: false,
        validateFormats: false,
        addUsedSchema: false,
        inlineRefs: false,
        ownProperties: true,
        messages: false,
        logger: false,
        code: { optimize: false },
      }).addKeyword({ keyword: STEP_KEYWORD, before: '$ref', validate: countStep, errors: false });
    },

    needsCompiling: (schema, value) => !fitsPlainly(schema, value),

    check: (schema, value) => (fitsPlainly(schema, value) ? undefined : checkCompiled(schema, value)),

    checkCompiled,
  };
}

function describeMismatch({ keyword, instancePath, params }: ErrorObject, root: unknown): ArgumentMismatch {
  const path = parsePointer(instancePath, root);
  const found = nameType(path.reduce<unknown>(stepInto, root));
  switch (keyword) {
    case 'required':
      return { path, keyword, found, key: String(params.missingProperty) };
    case 'additionalProperties':
      return { path, keyword, found, key: String(params.additionalProperty) };
    case 'type':
      return { path, keyword, found, expected: [params.type].flat() };
    case 'enum':
      return { path, keyword, found, expected: params.allowedValues as unknown[] };
    case 'const':
      return { path, keyword, found, expected: [params.allowedValue] };
    default:
      return typeof params.limit === 'number'
        ? { path, keyword, found, limit: params.limit }
        : { path, keyword, found };
  }
}

/** What a value is, without the value. */
function nameType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
