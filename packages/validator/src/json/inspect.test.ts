import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicateKeys } from './duplicate-keys.js';
import { inspectLine } from './inspect.js';
import { parseJson } from './parse-json.js';
import { toPointer } from './path.js';

fc.configureGlobal({ seed: 20_261_122 });

const inspect = (text: string) =>
  inspectLine(text, parseJson(text) as object).map(({ finding, span, path }) => ({
    rule: finding.rule,
    params: finding.params,
    text: text.slice(span.start, span.end),
    start: span.start,
    pointer: toPointer(path),
  }));

const space = fc.constantFrom('', '', ' ', '\t ');
/** JSON with keys that occur again, some of them written differently, and the pointers of those that do. */
type Written = { readonly text: string; readonly again: readonly string[] };
const spellings = ['"a"', '"\\u0061"', '"b"', '"\\u0062"', '""', '"__proto__"', '"a\\""', '"a:"', '"{"', '"\\\\"'];
const { value } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .constantFrom('1', 'null', '"x"', '"a\\":"', '":"', '"{\\"a\\":1}"', '[]', '{}', '" : "')
      .map((text): Written => ({ text, again: [] })),
    fc.tuple(fc.array(tie('value'), { maxLength: 4 }), space).map(
      ([elements, gap]): Written => ({
        text: `[${gap}${elements.map(({ text }) => text).join(`${gap},${gap}`)}${gap}]`,
        again: elements.flatMap(({ again }, index) => again.map((pointer) => `/${index}${pointer}`)),
      }),
    ),
    fc
      .tuple(fc.array(fc.tuple(fc.constantFrom(...spellings), tie('value')), { maxLength: 6 }), space)
      .map(([members, gap]): Written => {
        const seen = new Set<string>();
        const again: string[] = [];
        for (const [raw, child] of members) {
          const key = JSON.parse(raw) as string;
          const pointer = toPointer([key]);
          if (seen.has(key)) again.push(pointer);
          seen.add(key);
          again.push(...child.again.map((inner) => pointer + inner));
        }
        const written = members.map(([raw, { text }]) => `${raw}${gap}:${gap}${text}`);
        return { text: `{${gap}${written.join(`${gap},${gap}`)}${gap}}`, again };
      }),
  ),
}));

describe('findDuplicateKeys', () => {
  it('finds every key that its object had already, in the order of the text', () => {
    fc.assert(
      fc.property(value, ({ text, again }) => {
        const found = findDuplicateKeys(text);
        expect(found.map(({ path }) => toPointer(path))).toEqual(again);
        for (const { key, span } of found) expect(JSON.parse(text.slice(span.start, span.end))).toBe(key);
        expect(found.map(({ span }) => span.start)).toEqual(found.map(({ span }) => span.start).sort((a, b) => a - b));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('inspectLine', () => {
  it('looks for duplicate keys exactly where there are some', () => {
    fc.assert(
      fc.property(value, ({ text, again }) => {
        const line = `{"line":${text}}`;
        const found = inspect(line).filter(({ rule }) => rule === 'json/duplicate-key');
        expect(found.map(({ pointer }) => pointer)).toEqual(again.map((pointer) => `/line${pointer}`));
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds nothing in what JSON.stringify writes of whole characters', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((part) => !/[\0\u2028\u2029\u0085]/.test(part));
    fc.assert(
      fc.property(fc.object({ key: text, values: [text, fc.double(), fc.boolean()] }), (example) => {
        expect(inspect(JSON.stringify(example))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a":"⟦\\ud83d⟧"}', '/a'],
    ['{"a":"⟦\\uDE00⟧x"}', '/a'],
    ['{"a":{"b":[1,"\\\\ud83d⟦\\ud83d⟧\\ud83d\\ude00"]}}', '/a/b/1'],
  ])('finds half a pair in %s', (marked, pointer) => {
    const half = /⟦(.*)⟧/.exec(marked)?.[1] ?? '';
    expect(inspect(marked.replace(/[⟦⟧]/g, ''))).toEqual([
      { rule: 'json/lone-surrogate', params: { escape: half }, text: half, start: marked.indexOf('⟦'), pointer },
    ]);
  });

  it('finds half a pair and a NUL in keys', () => {
    expect(inspect('{"a":{"b\\ud800":1},"\\u0000c":"\\u0000"}')).toMatchObject([
      { rule: 'json/lone-surrogate', text: '\\ud800', start: 8, pointer: '/a/b\ud800' },
      { rule: 'json/nul-character', text: '\\u0000', start: 20, pointer: '/\0c' },
      { rule: 'json/nul-character', text: '\\u0000', start: 30, pointer: '/\0c' },
    ]);
  });

  it('finds every half, and takes whole pairs for whole', () => {
    const halves = fc.constantFrom('\\ud83d', '\\ude00', '\\ud83d\\ude00', 'x', '\\\\', '\\n', '😀');
    fc.assert(
      fc.property(fc.array(halves, { maxLength: 10 }), (parts) => {
        const text = `{"a":"${parts.join('')}"}`;
        const parsed = (JSON.parse(text) as { a: string }).a;
        const lone = [...parsed].filter((character) => /^\p{Surrogate}$/u.test(character)).length;
        expect(inspect(text).map(({ rule }) => rule)).toEqual(Array(lone).fill('json/lone-surrogate'));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the first NUL of a text', () => {
    expect(inspect('{"a":"x\\u0000y\\u0000","b":"\\\\u0000"}')).toEqual([
      { rule: 'json/nul-character', params: {}, text: '\\u0000', start: 7, pointer: '/a' },
    ]);
  });

  it.each(['1e400', '-1e400', '1E+999', `1${'0'.repeat(309)}`])(
    'finds the number %s, which no double holds',
    (number) => {
      expect(inspect(`{"a":[0, ${number}]}`)).toMatchObject([
        { rule: 'json/number-overflow', text: number, start: 9, pointer: '/a/1' },
      ]);
    },
  );

  it('takes the largest double for a number', () => {
    expect(inspect('{"a":[1.7976931348623157e308,-1.7976931348623157e308,1e-400,-0]}')).toEqual([]);
  });

  it.each([
    ['\u2028', 'U+2028'],
    ['\u2029', 'U+2029'],
    ['\u0085', 'U+0085'],
  ])('finds the raw separator %j once, and leaves the escaped one alone', (separator, code) => {
    expect(inspect(`{"a":"x${separator}y${separator}"}`)).toMatchObject([
      { rule: 'line/raw-separator', params: { character: code }, text: separator, start: 7, pointer: '' },
    ]);
    const escaped = `\\u${separator.charCodeAt(0).toString(16).padStart(4, '0')}`;
    expect(inspect(`{"a":"x${escaped}y"}`)).toEqual([]);
  });

  it('reports what was lost with a duplicate key at the value that stayed', () => {
    expect(inspect('{"role":"user","role":"assistant"}')).toMatchObject([
      { rule: 'json/duplicate-key', params: { key: 'role' }, text: '"role"', start: 15, pointer: '/role' },
    ]);
  });
});
