import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JsonPath, parsePointer, stepInto, toPointer } from './path.js';

fc.configureGlobal({ seed: 20_261_122 });

it('finds the values of RFC 6901 by their pointers', () => {
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, ' ': 7, '~1': 9 };
  const at = (pointer: string) => parsePointer(pointer, document).reduce<unknown>(stepInto, document);
  expect(at('')).toBe(document);
  expect(at('/foo/1')).toBe('baz');
  expect(at('/')).toBe(0);
  expect(at('/a~1b')).toBe(1);
  expect(at('/c%d')).toBe(2);
  expect(at('/m~0n')).toBe(8);
  expect(at('/ ')).toBe(7);
  expect(at('/~01')).toBe(9);
});

it('turns every path into a pointer and back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (json) => {
      const root: unknown = JSON.parse(JSON.stringify(json));
      const visit = (value: unknown, path: JsonPath) => {
        expect(parsePointer(toPointer(path), root)).toEqual(path);
        expect(path.reduce<unknown>(stepInto, root)).toBe(value);
        if (Array.isArray(value)) for (const [index, element] of value.entries()) visit(element, [...path, index]);
        else if (typeof value === 'object' && value !== null) {
          for (const key of Object.keys(value)) visit(stepInto(value, key), [...path, key]);
        }
      };
      visit(root, []);
    }),
    { numRuns: 500 },
  );
});

it('steps into own properties only', () => {
  expect(stepInto({}, '__proto__')).toBeUndefined();
  expect(stepInto({}, 'constructor')).toBeUndefined();
  expect(stepInto([], 'length')).toBe(0);
  expect(stepInto('text', 0)).toBeUndefined();
  expect(stepInto(null, 'a')).toBeUndefined();
  expect(stepInto(JSON.parse('{"__proto__":1}'), '__proto__')).toBe(1);
});
