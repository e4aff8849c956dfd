import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLocator, locatePath, type Span } from './locate.js';
import type { JsonPath } from './path.js';

fc.configureGlobal({ seed: 20_261_122 });

/** A JSON value as it is written: with every escape, every bit of white space and every key that occurs twice. */
type Written =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'array'; readonly gap: string; readonly elements: readonly Written[] }
  | { readonly kind: 'object'; readonly gap: string; readonly members: readonly Member[] };
interface Member {
  readonly name: string;
  /** `name` as JSON, escaped in one of the ways there are. */
  readonly key: string;
  readonly value: Written;
}

const gap = fc.constantFrom('', '', ' ', '\t', '  ', '\r\n \t');
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    '__proto__',
    'a',
    'role',
    'constructor',
    '"',
    '\\',
    '\\"',
    '}',
    ']',
    ',',
    ':',
    '😀',
    '\ud83d',
    '/',
    '~',
  ),
);
/** A string as JSON, each of its code units as itself or as an escape. */
const literal = (content: string) =>
  fc.infiniteStream(fc.boolean()).map((coins) => {
    let written = '';
    for (const unit of content.split('')) {
      const isEscaped = coins.next().value === true;
      const code = unit.charCodeAt(0);
      if (isEscaped) written += `\\u${code.toString(16).padStart(4, '0')}`;
      else if (code >= 0xd800 && code <= 0xdfff) written += unit;
      else written += JSON.stringify(unit).slice(1, -1);
    }
    return `"${written}"`;
  });
const member = (value: fc.Arbitrary<Written>): fc.Arbitrary<Member> =>
  text.chain((name) => fc.record({ name: fc.constant(name), key: literal(name), value }));
const { value: written } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .oneof(
        text.chain(literal),
        fc.constantFrom('0', '-1', '1e5', '-1.5E-7', 'true', 'false', 'null', '{}', '[]', '[ ]'),
      )
      .map((scalar): Written => ({ kind: 'scalar', text: scalar })),
    fc.record({ kind: fc.constant('array' as const), gap, elements: fc.array(tie('value'), { maxLength: 4 }) }),
    fc.record({
      kind: fc.constant('object' as const),
      gap,
      members: fc.array(member(tie('value')), { maxLength: 5 }),
    }),
  ),
}));

interface Place {
  readonly path: JsonPath;
  readonly value: Span;
  readonly key: Span;
}

/** Writes a value down, and notes where everything in it came to stand. */
function write(root: Written): { text: string; places: Place[] } {
  let line = '';
  const places: Place[] = [];
  const put = (value: Written, path: JsonPath, key: Span | undefined, isShadowed: boolean) => {
    const start = line.length;
    if (value.kind === 'scalar') line += value.text;
    else if (value.kind === 'array') {
      line += `[${value.gap}`;
      value.elements.forEach((element, index) => {
        if (index > 0) line += `,${value.gap}`;
        put(element, [...path, index], undefined, isShadowed);
        line += value.gap;
      });
      line += ']';
    } else {
      line += `{${value.gap}`;
      value.members.forEach((entry, index) => {
        if (index > 0) line += `${value.gap},${value.gap}`;
        const from = line.length;
        line += entry.key;
        const span = { start: from, end: line.length };
        line += `${value.gap}:${value.gap}`;
        const isLast = !value.members.slice(index + 1).some(({ name }) => name === entry.name);
        put(entry.value, [...path, entry.name], span, isShadowed || !isLast);
      });
      line += `${value.gap}}`;
    }
    const span = { start, end: line.length };
    if (!isShadowed) places.push({ path, value: span, key: key ?? span });
  };
  put(root, [], undefined, false);
  return { text: line, places };
}

describe('locatePath', () => {
  it('finds every key and every value where it was written, the last one of a key that occurs twice', () => {
    fc.assert(
      fc.property(written, gap, gap, (root, before, after) => {
        const { text, places } = write(root);
        const line = before + text + after;
        expect(() => JSON.parse(line)).not.toThrow();
        const locate = createLocator(line);
        for (const { path, key, value } of places) {
          const shift = ({ start, end }: Span) => ({ start: start + before.length, end: end + before.length });
          expect(locatePath(line, path, 'key')).toEqual(shift(key));
          expect(locatePath(line, path, 'value')).toEqual(shift(value));
          // Remembers the line, and finds the same, what is not there included.
          expect(locate(path, 'key')).toEqual(shift(key));
          expect(locate(path, 'value')).toEqual(shift(value));
          for (const step of ['no such key', 99, 17]) {
            expect(locate([...path, step], 'key')).toEqual(locatePath(line, [...path, step], 'key'));
          }
        }
      }),
      { numRuns: 800 },
    );
  });

  it('finds text that parses to the value at the path', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const line = JSON.stringify(value, null, indent);
        const visit = (part: unknown, path: JsonPath) => {
          const { start, end } = locatePath(line, path, 'value');
          expect(JSON.parse(line.slice(start, end))).toEqual(JSON.parse(JSON.stringify(part)));
          if (Array.isArray(part)) for (const [index, element] of part.entries()) visit(element, [...path, index]);
          else if (typeof part === 'object' && part !== null) {
            for (const [key, child] of Object.entries(part)) visit(child, [...path, key]);
          }
        };
        visit(JSON.parse(line), []);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string, JsonPath, string, string]>([
    ['the whole value', ' {"a":1} ', [], '{"a":1}', '{"a":1}'],
    ['a key of the prototype', '{"__proto__":{"a":1}}', ['__proto__', 'a'], '"a"', '1'],
    ['an empty key', '{"":{"":2}}', ['', ''], '""', '2'],
    ['an escaped key', '{"\\u0061\\"":3}', ['a"'], '"\\u0061\\""', '3'],
    ['a key that only looks escaped alike', '{"\\\\u0061":1,"a":2}', ['a'], '"a"', '2'],
    ['a key with a surrogate pair, escaped', '{"\\ud83d\\ude00":4}', ['😀'], '"\\ud83d\\ude00"', '4'],
    ['a key with half a surrogate pair', '{"\\ud83d":4,"😀":5}', ['\ud83d'], '"\\ud83d"', '4'],
    ['a number that is a key', '{"0":5}', ['0'], '"0"', '5'],
    ['the last of two keys', '{"a":1,"a":2}', ['a'], '"a"', '2'],
    ['the last of two keys that are written differently', '{"a":1,"\\u0061":2}', ['a'], '"\\u0061"', '2'],
    ['an element', '[1, [2, 3]]', [1, 0], '2', '2'],
    ['what follows strings full of brackets', '{"a":"}]{[\\"","b":[6]}', ['b', 0], '6', '6'],
    ['the value where a path ends early', '{"a":{"b":1}}', ['a', 'x', 'y'], '"a"', '{"b":1}'],
    ['the object where the first key is missing', '{"a":1}', ['b'], '{"a":1}', '{"a":1}'],
    ['the array where the index is too large', '[1,2]', [2], '[1,2]', '[1,2]'],
    ['the scalar where a path goes on', '{"a":1}', ['a', 'b'], '"a"', '1'],
    ['the object where an index is wanted', '{"a":1}', [0], '{"a":1}', '{"a":1}'],
    ['the array where a key is wanted', '[1]', ['0'], '[1]', '[1]'],
    ['nothing in an empty array', '[ ]', [0], '[ ]', '[ ]'],
  ])('finds %s', (_, line, path, key, value) => {
    const at = (which: 'key' | 'value') => {
      const { start, end } = locatePath(line, path, which);
      return line.slice(start, end);
    };
    expect([at('key'), at('value')]).toEqual([key, value]);
  });

  it('finds the right one of many equal keys', () => {
    expect(locatePath('{"a":1,"b":{"a":2},"a":3}', ['a'], 'key')).toEqual({ start: 19, end: 22 });
    expect(locatePath('{"a":1,"b":{"a":2},"a":3}', ['b', 'a'], 'key')).toEqual({ start: 12, end: 15 });
  });

  it('follows a path of 500 steps', () => {
    const depth = 500;
    const line = `${'{"a":['.repeat(depth / 2)}7${']}'.repeat(depth / 2)}`;
    const path = Array.from({ length: depth }, (_, index) => (index % 2 === 0 ? 'a' : 0));
    const { start, end } = locatePath(line, path, 'value');
    expect(start).toBe(line.indexOf('7'));
    expect(end).toBe(start + 1);
  });

  it('takes time in proportion to the length of the line', () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `"k${index}":"${'\\"'.repeat(20)}"`);
    locatePath(`{${keys.join(',')},"z":1}`, ['z'], 'key');
    locatePath(`[${'[],'.repeat(200_000)}1]`, [200_000], 'value');
    const items = Array.from({ length: 100_000 }, (_, index) => `{"a":"${index}"}`);
    const list = createLocator(`[${items.join(',')}]`);
    const object = createLocator(`{${keys.join(',')}}`);
    for (const index of items.keys()) list([index, 'a'], 'value');
    for (const index of keys.keys()) object([`k${index}`], 'key');
    locatePath(`${'['.repeat(400)}"${'\\\\'.repeat(400_000)}"${']'.repeat(400)}`, Array(400).fill(0), 'value');
  });
});
