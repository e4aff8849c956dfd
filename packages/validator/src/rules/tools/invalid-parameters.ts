import { findSchemaFaults, type KeywordKind, SCHEMA_TYPES } from '../../formats/json-schema.js';
import { describeType, quote } from '../quote.js';
import { conversationRule } from '../rule.js';
import { suggest } from '../suggest.js';
import { definitionsOf } from './calls.js';

/** What other languages call the types of JSON Schema. */
const TYPE_ALIASES: Readonly<Record<string, string>> = {
  dict: 'object',
  map: 'object',
  list: 'array',
  tuple: 'array',
  str: 'string',
  text: 'string',
  int: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  bool: 'boolean',
  none: 'null',
};

const WANTED: Readonly<Partial<Record<KeywordKind, string>>> = {
  schema: 'an object',
  schemas: 'a list of schemas',
  'schema map': 'an object of schemas',
  types: `one of ${SCHEMA_TYPES.join(', ')}`,
  strings: 'a list of strings',
  count: 'a whole number from 0',
};

/** Where the parameters are not a valid JSON Schema, and not only of the wrong type. */
export interface InvalidSchema {
  /** The keyword; empty where a schema should be. */
  readonly keyword: string;
  readonly wanted: string;
  readonly suggestion?: string;
}

export const toolInvalidParameters = conversationRule({
  id: 'tools/invalid-parameters',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['tools'],
  description: 'The parameters of a function are not an object, or not a valid JSON Schema.',
  message: ({ found, schema }: { found: string; schema?: InvalidSchema }) =>
    schema === undefined
      ? `"parameters" is ${found}, not a JSON Schema object`
      : `${schema.keyword === '' ? 'a schema' : quote(schema.keyword)} in "parameters" is ${found}, not ${schema.wanted}: no JSON Schema`,
  help: ({ schema }) =>
    schema === undefined
      ? 'write a JSON Schema object, or leave "parameters" out for a function without any'
      : schema.suggestion === undefined
        ? 'write the parameters as JSON Schema: {"type":"object","properties":{…},"required":[…]}'
        : `did you mean "${schema.suggestion}"?`,
  fix: ({ schema }) =>
    schema?.suggestion === undefined ? undefined : { safety: 'unsafe', text: JSON.stringify(schema.suggestion) },
  soften: ({ schema }) => (schema === undefined ? undefined : 'warning'),
  // That the parameters are no object is found with the shape.
  check(conversation, report, context) {
    for (const { path, definition } of definitionsOf(conversation, context)) {
      if (definition.parameters === undefined) continue;
      for (const { path: inside, keyword, kind, value } of findSchemaFaults(definition.parameters)) {
        const isTypeName = kind === 'types' && typeof value === 'string';
        const suggestion = isTypeName ? suggest(value, SCHEMA_TYPES, TYPE_ALIASES) : undefined;
        report([...path, 'parameters', ...inside], {
          found: isTypeName ? quote(value) : isEmpty(value) ? 'an empty list' : describeType(value),
          schema: {
            keyword,
            wanted: WANTED[kind] ?? `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`,
            ...(suggestion === undefined ? {} : { suggestion }),
          },
        });
      }
    }
  },
});

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
