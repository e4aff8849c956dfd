import { createRequire } from 'node:module';
import type { Ajv as AjvClass } from 'ajv';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createArgumentSchemas } from './argument-schemas.js';

const schemas = createArgumentSchemas();
const number = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false };

test('until ajv has been loaded nothing mismatches', () => {
  const fresh = createArgumentSchemas();
  expect(fresh.isLoaded).toBe(false);
  expect(fresh.check(number, {})).toBeUndefined();
});

describe('once loaded', () => {
  beforeAll(() => schemas.load());

  test('the first mismatch is told with its place and its facts', () => {
    expect(schemas.check(number, { n: 1 })).toBeUndefined();
    expect(schemas.check(number, {})).toEqual({ path: [], keyword: 'required', found: 'object', key: 'n' });
    expect(schemas.check(number, { n: '1' })).toEqual({
      path: ['n'],
      keyword: 'type',
      found: 'string',
      expected: ['integer'],
    });
    expect(schemas.check(number, { n: 1, m: 2 })).toMatchObject({ keyword: 'additionalProperties', key: 'm' });
    const list = { properties: { list: { items: { enum: ['a', 'b'] } } } };
    expect(schemas.check(list, { list: ['a', 'c'] })).toMatchObject({ path: ['list', 1], expected: ['a', 'b'] });
    expect(schemas.check({ properties: { n: { maximum: 3 } } }, { n: 4 })).toMatchObject({
      keyword: 'maximum',
      limit: 3,
    });
  });

  test('an own key is asked for, not one that every object has', () => {
    expect(schemas.check({ required: ['constructor'] }, {})).toMatchObject({ key: 'constructor' });
    expect(schemas.check({ properties: { toString: { type: 'string' } } }, {})).toBeUndefined();
  });

  test.each([
    [
      'an asynchronous one',
      { $async: true, type: 'object', required: ['n'], properties: { n: { $ref: '#/nowhere' } } },
    ],
    ['one that refers to itself', { $ref: '#' }],
    ['one that refers to another document', { $ref: 'https://example.com/x.json' }],
    ['a pattern that runs for ever', { properties: { n: { pattern: '^(a+)+$' } } }],
    ['an invalid pattern', { properties: { n: { pattern: '(' } } }],
    ['an invalid type', { type: 'dict' }],
    ['an empty enum', { properties: { n: { enum: [] } } }],
    ['$data', { properties: { n: { maxLength: { $data: '/m' } } } }],
    ['a huge one', { properties: { n: { enum: Array.from({ length: 20_000 }, (_, index) => `x${index}`) } } }],
  ])('%s counts as fitting', (_, schema) => {
    expect(schemas.check(schema, { n: `${'a'.repeat(40)}!` })).toBeUndefined();
  });

  test('alternatives that multiply, a deep schema and deep arguments take no longer than a moment', () => {
    const both = { properties: { a: { anyOf: [{ $ref: '#' }, { $ref: '#' }] } }, type: 'object' };
    let deep: object = { a: 7 };
    for (let depth = 0; depth < 400; depth += 1) deep = { a: deep };
    expect(schemas.check(both, deep)).toBeUndefined();
    let nested: object = { type: 'string' };
    for (let depth = 0; depth < 400; depth += 1) nested = { properties: { a: nested } };
    expect(schemas.check(nested, deep)).toBeUndefined();
    const strings = Array.from({ length: 500 }, () => ({ type: 'string' }));
    const wide = { properties: { a: { items: { anyOf: [...strings, { type: 'integer' }] } } } };
    expect(schemas.check(wide, { a: [...Array(100_000).fill(7), true] })).toBeUndefined();
  });

  test('each distinct schema is compiled once, and those that were not used for long make room', async () => {
    const own = createArgumentSchemas();
    await own.load();
    const compile = vi.spyOn(Ajv.prototype, 'compile');
    for (let round = 0; round < 2_000; round += 1) own.check(structuredClone(number), { n: '1' });
    expect(compile).toHaveBeenCalledTimes(1);
    compile.mockRestore();
    const description = 'x'.repeat(60_000);
    for (let index = 0; index < 40; index += 1) {
      const other = { ...number, title: `${index}${description}` };
      expect(own.check(other, {})).toMatchObject({ key: 'n' });
    }
  });

  test('what is compiled for one dataset has an end', async () => {
    const own = createArgumentSchemas();
    await own.load();
    const description = 'x'.repeat(64_000);
    const isChecked = Array.from({ length: 140 }, (_, index) =>
      own.check({ required: ['n'], title: `${index}${description}` }, {}),
    );
    expect(isChecked[0]).toBeDefined();
    expect(isChecked.at(-1)).toBeUndefined();
  });
});

const { Ajv } = createRequire(import.meta.url)('ajv') as { Ajv: typeof AjvClass };
const plain = new Ajv({
  strict: false,
  validateFormats: true,
  ownProperties: true,
  logger: false,
  formats: { x: /^x/ },
});

/** Small schemas of everything that is left out, and everything under which leaving out would be wrong. */
const schemaArbitrary = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<object>(
      {},
      { type: 'string' },
      { type: ['integer', 'null'] },
      { enum: ['x', 1] },
      { pattern: '^x' },
      { format: 'x' },
      { minLength: 2 },
      { minimum: 1 },
      { uniqueItems: true },
      { required: ['a'] },
      { contains: { const: 1 } },
    ),
    fc.record({ not: tie('schema') }),
    fc.record({ properties: fc.record({ a: tie('schema') }), patternProperties: fc.constant({ '^b': {} }) }),
    fc.record({ properties: fc.record({ a: tie('schema') }), additionalProperties: tie('schema') }),
    fc.record({ items: tie('schema') }),
    fc.record({ if: tie('schema'), else: tie('schema') }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }), allOf: fc.tuple(tie('schema')) }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
  ),
}));

test('nothing that fits the whole schema is ever found not to fit', async () => {
  await schemas.load();
  const value = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(
      fc.constantFrom('x', 'y', 'xy', 0, 1, 2.5, null, true),
      fc.array(fc.constantFrom(1, 1, 'x'), { maxLength: 3 }),
    ),
  );
  fc.assert(
    fc.property(schemaArbitrary.schema, value, (schema, args) => {
      const fits = plain.compile(structuredClone(schema))(args);
      if (fits) expect(schemas.check(schema, args)).toBeUndefined();
    }),
    { seed: 6, numRuns: 1_500 },
  );
});
