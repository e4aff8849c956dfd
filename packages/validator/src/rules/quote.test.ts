import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeType, quote, shorten } from './quote.js';

fc.configureGlobal({ seed: 20_261_122 });

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80, size: 'max' }),
  fc
    .array(fc.constantFrom('a', '😀', '"', '\\', '\n', '\u2028', '\u202e', '\u001b', '\u009b', '\ud83d'), {
      maxLength: 80,
    })
    .map((parts) => parts.join('')),
);

describe('quote', () => {
  it.each([
    ['assistent', '"assistent"'],
    ['', '""'],
    ['a "b" \\', '"a \\"b\\" \\\\"'],
    ['a\nb\tc', '"a\\nb\\tc"'],
    ['\u001b[31m', '"\\u001b[31m"'],
    ['a\u200bb', '"a\\u200bb"'],
    ['\u202eabc', '"\\u202eabc"'],
    ['\u2028\u2029\u0085\ufeff', '"\\u2028\\u2029\\u0085\\ufeff"'],
    ['\ud83d', '"\\ud83d"'],
    ['größe 😀', '"größe 😀"'],
    [0.5, '0.5'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{ a: 1 }, '{"a":1}'],
    ['x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['x'.repeat(41), `"${'x'.repeat(39)}…"`],
    [Array.from({ length: 40 }, () => 1), `[${'1,'.repeat(19)}…`],
  ])('writes %j as %s', (value, expected) => {
    expect(quote(value)).toBe(expected);
  });

  it('keeps every text on one line, free of control characters and of what turns text around', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(quote(text)).toMatch(/^"[^\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"$/u);
      }),
      { numRuns: 1_000 },
    );
  });

  it('quotes so that JSON reads the same text back', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(quote(text))).toBe(shorten(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('shorten', () => {
  it('gives at most 40 code units, whole characters of the beginning', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'é', '😀', '𝒳'), { maxLength: 60, size: 'max' }), (characters) => {
        const text = characters.join('');
        const short = shorten(text);
        expect(short.length).toBeLessThanOrEqual(40);
        if (text.length <= 40) expect(short).toBe(text);
        else {
          expect(short.endsWith('…')).toBe(true);
          expect(short.length).toBeGreaterThanOrEqual(39);
          const kept = [...short.slice(0, -1)];
          expect(kept).toEqual([...text].slice(0, kept.length));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not end in half a character that lies across the cut', () => {
    expect(shorten(`😀${'x'.repeat(37)}😀😀`)).toBe(`😀${'x'.repeat(37)}…`);
    expect(shorten(`${'x'.repeat(38)}😀😀`)).toBe(`${'x'.repeat(38)}…`);
  });
});

it.each([
  [null, 'null'],
  [[], 'an array'],
  [{}, 'an object'],
  ['x', 'a string'],
  [3, 'the number 3'],
  [false, 'false'],
  [undefined, 'nothing'],
])('describes %j as %s', (value, description) => {
  expect(describeType(value)).toBe(description);
});
