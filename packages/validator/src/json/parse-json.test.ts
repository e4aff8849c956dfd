import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasEscapedKey, parseJson, readJson } from './parse-json.js';

fc.configureGlobal({ seed: 20_261_122 });

/** Writes a value, each character of its strings and keys as itself or, as `escapes` says, by an escape. */
function write(value: unknown, escapes: () => boolean, gap: string): string {
  const writeString = (text: string) => {
    const unit = (index: number) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
    const character = (index: number) => JSON.stringify(text[index]).slice(1, -1);
    return `"${Array.from({ length: text.length }, (_, index) => (escapes() ? unit(index) : character(index))).join('')}"`;
  };
  if (typeof value === 'string') return writeString(value);
  if (Array.isArray(value))
    return `[${gap}${value.map((each) => write(each, escapes, gap)).join(`${gap},${gap}`)}${gap}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, each]) => `${writeString(key)}${gap}:${gap}${write(each, escapes, gap)}`,
    );
    return `{${gap}${members.join(`${gap},${gap}`)}${gap}}`;
  }
  return JSON.stringify(value);
}

/** Few keys, so that V8 meets each often, and among them those that it misreads. */
const key = fc.constantFrom('a', 'b', '\\', '\n', 'a\\', 'a\n', '\\u', '\\"', '"', '', '__proto__', 'constructor', 'é');
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(0, -1.5e3, true, null, '', ':', '\\', 'x\n"', '😀'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      // Not by assignment, which would take `__proto__` for the prototype.
      .map((members) => Object.fromEntries(members)),
  ),
}));
const space = fc.constantFrom('', ' ', '\r\n\t ');
const written = fc
  .tuple(value, fc.infiniteStream(fc.boolean()), space)
  .map(([expected, coins, gap]) => ({ expected, text: write(expected, () => coins.next().value === true, gap) }));

describe('parseJson', () => {
  it('reads what was written, whatever this V8 has read before', () => {
    fc.assert(
      fc.property(written, ({ expected, text }) => {
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['{"once":1,"\\\\":2}', '{"once":1,"\\n":2}', '\n'],
    ['{"twice":1,"con\\\\":2}', '{"twice":1,"con\\u0074":2}', 'cont'],
    ['{"thrice":1,"\\\\u":2}', '{"thrice":1,"\\u0062\\u0063":2}', 'bc'],
  ])('reads the last key of the second text right after %s: %s', (before, text, last) => {
    parseJson(before);
    expect(Object.keys(parseJson(text) as object).at(-1)).toBe(last);
  });

  it('throws what JSON.parse throws', () => {
    expect(() => parseJson('{"\\n":1,}')).toThrow(SyntaxError);
  });
});

describe('readJson', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(written, ({ expected, text }) => {
        expect(JSON.stringify(readJson(text))).toBe(JSON.stringify(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets the last of two equal keys count, in the place of the first', () => {
    expect(Object.entries(readJson('{"a":1,"b":2,"\\u0061":3}') as object)).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
  });
});

describe('hasEscapedKey', () => {
  it.each(['{"\\n":1}', '{"a":"\\n","b\\"" \t:1}', '{"a":[{"\\u0061":1}]}', '{"a":"\\\\","\\\\":1}'])(
    'sees the one in %s',
    (text) => {
      expect(hasEscapedKey(text)).toBe(true);
    },
  );

  it.each(['{"a":1}', '{"a":"\\n"}', '{"a":"\\":"}', '{"a":["\\\\","b"],"c":":\\n:"}', '"\\n"'])(
    'sees none in %s',
    (text) => {
      expect(hasEscapedKey(text)).toBe(false);
    },
  );
});
