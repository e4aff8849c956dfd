import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { KEYWORDS } from '../formats/json-schema.js';
import { createArgumentSchemas } from './argument-schemas.js';
import { fitsPlainly } from './plain-schema.js';

const schemas = createArgumentSchemas();
beforeAll(() => schemas.load());

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'toString');
const type = fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', 'null', 'dict');
const scalar = fc.constantFrom<unknown>('x', '', 0, -0, 1, 1.5, true, false, null, Number.POSITIVE_INFINITY);
const record = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(key, arbitrary), { maxLength: 3 }).map((members) => Object.fromEntries(members));
const keyword = (name: string, ...values: fc.Arbitrary<unknown>[]) =>
  values.map((each) => fc.tuple(fc.constant(name), each));
const { schema, value } = fc.letrec<{ schema: unknown; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), record(tie('value'))),
  schema: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.boolean(),
    fc
      .array(
        fc.oneof(
          ...keyword('type', type, fc.array(type, { maxLength: 2 })),
          ...keyword('enum', fc.array(scalar, { maxLength: 4 })),
          ...keyword('const', scalar),
          ...keyword('properties', record(tie('schema')), record(tie('schema'))),
          ...keyword('required', fc.array(key, { maxLength: 2 })),
          ...keyword('additionalProperties', fc.boolean(), tie('schema')),
          ...keyword('items', tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
          ...keyword('nullable', fc.boolean()),
          ...keyword('patternProperties', fc.constantFrom({ a: false }, {})),
          ...keyword('minimum', fc.constantFrom(0, 2)),
          ...keyword('not', fc.constantFrom({}, { type: 'string' })),
          ...keyword('anyOf', fc.array(tie('schema'), { minLength: 1, maxLength: 2 })),
          ...keyword('$ref', fc.constantFrom('#', '#/properties/a')),
          ...keyword('x-mine', fc.constant(false)),
        ),
        { maxLength: 4 },
      )
      .map((members) => Object.fromEntries(members)),
  ),
}));

it('says yes to nothing that ajv says no to', () => {
  let yes = 0;
  fc.assert(
    fc.property(schema, record(value), (declared, given) => {
      if (typeof declared !== 'object' || declared === null || !fitsPlainly(declared, given)) return;
      yes += 1;
      expect(schemas.checkCompiled(declared, given)).toBeUndefined();
    }),
    { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 50_000 : 3_000 },
  );
  expect(yes).toBeGreaterThan(100);
});

it('says yes to what most functions declare', () => {
  const declared = {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'Where' },
      unit: { type: 'string', enum: ['c', 'f'], default: 'c' },
      days: { type: ['integer', 'null'] },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['city'],
    additionalProperties: false,
  };
  expect(fitsPlainly(declared, { city: 'Ulm', unit: 'c', days: null, tags: ['a', 'b'] })).toBe(true);
  for (const given of [{}, { city: 1 }, { city: 'Ulm', unit: 'k' }, { city: 'Ulm', days: 1.5 }, { city: 'Ulm', x: 1 }])
    expect(fitsPlainly(declared, given)).toBe(false);
});

it('leaves to ajv whatever keyword decides and is not decided here', () => {
  const decided = ['type', 'enum', 'const', 'required', 'properties', 'additionalProperties', 'items'];
  // These are not looked at by ajv either: see simplify-schema.ts.
  const ignored = ['$defs', 'definitions', 'pattern', 'patternProperties', 'format', 'uniqueItems', 'propertyNames'];
  const later = ['dependencies', 'dependentRequired', 'dependentSchemas', 'contains', 'minContains', 'maxContains'];
  const last = ['unevaluatedItems', 'unevaluatedProperties'];
  const beyond = [...KEYWORDS.keys()].filter((each) => ![...decided, ...ignored, ...later, ...last].includes(each));
  for (const keyword of beyond) expect([keyword, fitsPlainly({ [keyword]: {} }, {})]).toEqual([keyword, false]);
});
