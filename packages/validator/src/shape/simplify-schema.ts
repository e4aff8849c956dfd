import { KEYWORDS } from '../formats/json-schema.js';

type Schema = Record<string, unknown>;

/** The keyword that every simplified schema has, so that somebody can count how many are looked at. */
export const STEP_KEYWORD = 'countStep';

/** Deeper schemas than this are taken to allow anything. */
const MAX_DEPTH = 64;

/**
 * Keywords that are not looked at: a hostile `pattern` can run for ever, `uniqueItems` takes the square of the items,
 * what a `format` means is optional, and the others belong to later drafts than the one that is compiled.
 */
const IGNORED = new Set([
  'pattern',
  'patternProperties',
  'format',
  'uniqueItems',
  'propertyNames',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'contains',
  'minContains',
  'maxContains',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** Keywords without a say: to leave them out changes nothing. */
const ANNOTATIONS = new Set([
  '$schema',
  '$id',
  'id',
  '$comment',
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'strict',
]);

/**
 * A schema from somebody's dataset as it can be compiled and run without harm: draft 7, only the known keywords,
 * references within itself.
 *
 * What is left out makes a schema allow more. Under `not`, `if` and `oneOf` it would make it allow less, so that those
 * are relaxed with it: nothing that fits the whole schema is ever found not to fit the simplified one.
 *
 * @param schema - A valid schema of any draft.
 */
export function simplifySchema(schema: object): object {
  const exact = { isLossy: false, isLenient: false };
  const simplified = simplify(schema, exact, 0);
  return exact.isLossy ? simplify(schema, { isLossy: true, isLenient: true }, 0) : simplified;
}

interface Pass {
  /** Whether something that had a say was left out. */
  isLossy: boolean;
  readonly isLenient: boolean;
}

function simplify(schema: unknown, pass: Pass, depth: number): Schema {
  if (schema === true || !isObject(schema)) {
    if (schema === false) return { [STEP_KEYWORD]: true, not: {} };
    return {};
  }
  if (depth > MAX_DEPTH) {
    pass.isLossy = true;
    return {};
  }
  const simple: Schema = { [STEP_KEYWORD]: true };
  for (const keyword of Object.keys(schema)) {
    if (ANNOTATIONS.has(keyword) || keyword === 'nullable') continue;
    if (!KEYWORDS.has(keyword) || IGNORED.has(keyword)) pass.isLossy = true;
    else copyKeyword(schema, keyword, simple, pass, depth + 1);
  }
  // OpenAPI's `nullable`, which people write in place of a type "null".
  return schema.nullable === true ? { [STEP_KEYWORD]: true, anyOf: [{ type: 'null' }, simple] } : simple;
}

function copyKeyword(schema: Schema, keyword: string, simple: Schema, pass: Pass, depth: number): void {
  const value = schema[keyword];
  const many = (list: unknown) => (list as unknown[]).map((each) => simplify(each, pass, depth));
  switch (keyword) {
    case '$ref':
      if (typeof value === 'string' && value.startsWith('#')) simple.$ref = value;
      else pass.isLossy = true;
      return;
    // Draft 2020-12: what `items` was for a list of schemas, and `additionalItems` for the rest.
    case 'prefixItems':
      simple.items = many(value);
      if (schema.items !== undefined) simple.additionalItems = simplify(schema.items, pass, depth);
      return;
    case 'items':
      if (schema.prefixItems === undefined)
        simple.items = Array.isArray(value) ? many(value) : simplify(value, pass, depth);
      return;
    case 'additionalItems':
      if (Array.isArray(schema.items)) simple.additionalItems = simplify(value, pass, depth);
      return;
    case 'additionalProperties':
      if (schema.patternProperties === undefined) simple.additionalProperties = simplifyRest(value, pass, depth);
      return;
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      // In draft 4 a boolean beside `minimum`.
      if (typeof value === 'number') simple[keyword] = value;
      else pass.isLossy = true;
      return;
    case 'not':
    case 'if':
    case 'then':
    case 'else':
      if (!pass.isLenient) simple[keyword] = simplify(value, pass, depth);
      return;
    case 'oneOf':
      if (pass.isLenient) simple.allOf = [...((simple.allOf as unknown[] | undefined) ?? []), { anyOf: many(value) }];
      else simple.oneOf = many(value);
      return;
    case 'allOf':
      simple.allOf = [...((simple.allOf as unknown[] | undefined) ?? []), ...many(value)];
      return;
    case 'anyOf':
      simple.anyOf = many(value);
      return;
    case 'properties':
    case '$defs':
    case 'definitions':
      simple[keyword] = simplifyMap(value as Schema, pass, depth);
      return;
    default:
      simple[keyword] = value;
  }
}

/** `false` stays what it is, so that the key that is too much is named. */
function simplifyRest(value: unknown, pass: Pass, depth: number): unknown {
  return typeof value === 'boolean' ? value : simplify(value, pass, depth);
}

function simplifyMap(map: Schema, pass: Pass, depth: number): Schema {
  const simple: Schema = {};
  for (const key of Object.keys(map)) {
    // Assigned, it would be the prototype.
    if (key === '__proto__') pass.isLossy = true;
    else simple[key] = simplify(map[key], pass, depth);
  }
  return simple;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
