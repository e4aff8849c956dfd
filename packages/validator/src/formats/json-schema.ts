import type { JsonPath } from '../json/path.js';

/** The types of JSON Schema. */
export const SCHEMA_TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/** What the value of a keyword must be. */
export type KeywordKind =
  | 'schema'
  | 'schemas'
  | 'schema or schemas'
  | 'schema map'
  | 'types'
  | 'strings'
  | 'string'
  | 'array'
  | 'object'
  | 'boolean'
  | 'number'
  | 'number or boolean'
  | 'count'
  | 'anything';

/**
 * The keywords that have a say, and what their values must be.
 *
 * Sources: the meta-schemas of JSON Schema drafts 4, 6, 7, 2019-09 and 2020-12, all at once: people write all of them,
 * and the providers say of none that it is the one. A keyword that is not here may be anything.
 */
export const KEYWORDS: ReadonlyMap<string, KeywordKind> = new Map<string, KeywordKind>([
  ['$ref', 'string'],
  ['$defs', 'schema map'],
  ['definitions', 'schema map'],
  ['type', 'types'],
  ['enum', 'array'],
  ['const', 'anything'],
  ['properties', 'schema map'],
  ['patternProperties', 'schema map'],
  ['additionalProperties', 'schema'],
  ['unevaluatedProperties', 'schema'],
  ['propertyNames', 'schema'],
  ['required', 'strings'],
  ['minProperties', 'count'],
  ['maxProperties', 'count'],
  ['dependencies', 'object'],
  ['dependentRequired', 'object'],
  ['dependentSchemas', 'schema map'],
  ['items', 'schema or schemas'],
  ['prefixItems', 'schemas'],
  ['additionalItems', 'schema'],
  ['unevaluatedItems', 'schema'],
  ['contains', 'schema'],
  ['minItems', 'count'],
  ['maxItems', 'count'],
  ['minContains', 'count'],
  ['maxContains', 'count'],
  ['uniqueItems', 'boolean'],
  ['minLength', 'count'],
  ['maxLength', 'count'],
  ['pattern', 'string'],
  ['format', 'string'],
  ['minimum', 'number'],
  ['maximum', 'number'],
  ['exclusiveMinimum', 'number or boolean'],
  ['exclusiveMaximum', 'number or boolean'],
  ['multipleOf', 'number'],
  ['allOf', 'schemas'],
  ['anyOf', 'schemas'],
  ['oneOf', 'schemas'],
  ['not', 'schema'],
  ['if', 'schema'],
  ['then', 'schema'],
  ['else', 'schema'],
]);

/** A place in a schema whose value no draft of JSON Schema allows. */
export interface SchemaFault {
  /** Path in the schema. */
  readonly path: JsonPath;
  /** The keyword that holds the value; empty where a schema should be. */
  readonly keyword: string;
  readonly kind: KeywordKind;
  readonly value: unknown;
}

/** So many faults of one schema are reported. */
const MAX_FAULTS = 20;

/** A step of a path, and those before it: written out only for what is reported. */
interface Step {
  readonly parent: Step | undefined;
  readonly step: string | number;
}

/** What of a JSON Schema no draft of the specification allows; empty for a valid one. Looks at the whole schema. */
export function findSchemaFaults(schema: object): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  const waiting: { readonly value: unknown; readonly at: Step | undefined }[] = [{ value: schema, at: undefined }];
  const fault = (value: unknown, at: Step | undefined, keyword: string, kind: KeywordKind) => {
    if (faults.length < MAX_FAULTS) faults.push({ path: pathOf(at), keyword, kind, value });
  };

  const checkKeyword = (keyword: string, kind: KeywordKind, value: unknown, at: Step) => {
    switch (kind) {
      case 'schema':
        waiting.push({ value, at });
        return;
      case 'schema or schemas':
        if (!Array.isArray(value)) waiting.push({ value, at });
        else for (const [step, each] of value.entries()) waiting.push({ value: each, at: { parent: at, step } });
        return;
      case 'schemas':
        if (!Array.isArray(value) || value.length === 0) fault(value, at, keyword, kind);
        else for (const [step, each] of value.entries()) waiting.push({ value: each, at: { parent: at, step } });
        return;
      case 'schema map':
        if (!isObject(value)) fault(value, at, keyword, kind);
        else for (const step of Object.keys(value)) waiting.push({ value: value[step], at: { parent: at, step } });
        return;
      case 'types':
      case 'strings': {
        const isKnown = (each: unknown) =>
          typeof each === 'string' && (kind === 'strings' || (SCHEMA_TYPES as readonly string[]).includes(each));
        if (!Array.isArray(value)) {
          if (kind === 'strings' || !isKnown(value)) fault(value, at, keyword, kind);
          return;
        }
        for (const [step, each] of value.entries())
          if (!isKnown(each)) fault(each, { parent: at, step }, keyword, kind);
        return;
      }
      default:
        if (!isOfKind(value, kind)) fault(value, at, keyword, kind);
    }
  };

  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, at } = next;
    if (typeof value === 'boolean') continue;
    if (!isObject(value)) {
      fault(value, at, '', 'schema');
      continue;
    }
    for (const keyword of Object.keys(value)) {
      const kind = KEYWORDS.get(keyword) ?? 'anything';
      if (kind !== 'anything') checkKeyword(keyword, kind, value[keyword], { parent: at, step: keyword });
    }
  }
  return faults;
}

function isOfKind(value: unknown, kind: KeywordKind): boolean {
  switch (kind) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'number or boolean':
      return typeof value === 'number' || typeof value === 'boolean';
    case 'count':
      return Number.isInteger(value) && (value as number) >= 0;
    default:
      return typeof value === kind;
  }
}

function pathOf(at: Step | undefined): JsonPath {
  const path: (string | number)[] = [];
  for (let step = at; step !== undefined; step = step.parent) path.push(step.step);
  return path.reverse();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
