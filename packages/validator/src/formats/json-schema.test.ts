import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findSchemaFaults } from './json-schema.js';

const at = (schema: object) => findSchemaFaults(schema).map(({ path, kind }) => `${path.join('/')}: ${kind}`);

test('schemas of every draft are valid', () => {
  expect(
    at({
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'x',
      type: ['object', 'null'],
      properties: { required: true, type: { type: 'integer', exclusiveMinimum: true, minimum: 0 } },
      patternProperties: { '^x': false },
      items: [{}, true],
      prefixItems: [{}],
      dependencies: { a: ['b'], c: {} },
      dependentSchemas: { a: {} },
      enum: [],
      const: null,
      not: { $ref: '#/$defs/x' },
      if: {},
      unknown: 7,
    }),
  ).toEqual([]);
});

test('every fault is found at its place', () => {
  expect(
    at({
      type: 'dict',
      properties: { a: 'string', b: { type: ['string', 'text'] }, c: { items: [7] } },
      required: 'a',
      allOf: [],
      additionalProperties: null,
      maxItems: 1.5,
      $ref: {},
    }).sort(),
  ).toEqual([
    '$ref: string',
    'additionalProperties: schema',
    'allOf: schemas',
    'maxItems: count',
    'properties/a: schema',
    'properties/b/type/1: types',
    'properties/c/items/0: schema',
    'required: strings',
    'type: types',
  ]);
});

test('no more faults are kept than anybody reads', () => {
  expect(at({ anyOf: Array.from({ length: 10_000 }, () => 7) })).toHaveLength(20);
});

test('keywords named like members of objects are unknown keywords', () => {
  expect(at(JSON.parse('{"constructor":7,"__proto__":[],"toString":{"type":"x"}}') as object)).toEqual([]);
});

test('no value makes it throw, and every path leads to the value that is reported', () => {
  fc.assert(
    fc.property(
      fc.object({ key: fc.constantFrom('type', 'properties', 'items', 'anyOf', 'required', 'a') }),
      (schema) => {
        for (const { path, value } of findSchemaFaults(schema)) {
          expect(path.reduce<unknown>((inside, step) => (inside as Record<string, unknown>)[step], schema)).toBe(value);
        }
      },
    ),
    { seed: 5 },
  );
});
