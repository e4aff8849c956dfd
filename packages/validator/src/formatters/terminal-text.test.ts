import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileNameLine, fitEnd, fitStart, oneLine, shortened, textOf, toCells, widthOf } from './terminal-text.js';

const columns = (text: string) => widthOf(toCells(text));

describe('the width of text', () => {
  test.each([
    ['plain ASCII', 'abc', 3],
    ['Latin with a composed accent', 'é', 1],
    ['Latin with a combining accent', 'e\u0301', 1],
    ['Chinese', '漢字', 4],
    ['Korean', '한국', 4],
    ['Japanese kana', 'かな', 4],
    ['full-width letters', 'ＡＢ', 4],
    ['half-width kana', 'ｱｲ', 2],
    ['an ideographic space', '\u3000', 2],
    ['an emoji', '🎉', 2],
    ['a symbol of the BMP that is shown as emoji', '✅', 2],
    ['a symbol that is shown as text', '✓', 1],
    ['a flag', '🇨🇭', 2],
    ['an emoji with a skin tone', '👍🏽', 2],
    ['a joined emoji: as wide as its parts, whose joiner is left out', '👩\u200d💻', 4],
    ['a heart with a variation selector', '❤\ufe0f', 1],
    ['a tab', '\t', 1],
    ['half a surrogate pair', '\ud83c', 1],
    ['a mark without a base', '\u0301', 1],
  ])('%s', (_, text, width) => {
    expect(columns(text)).toBe(width);
  });

  test('cells are cut between characters, never inside one', () => {
    const cells = toCells('a漢b');
    expect(textOf(fitStart(cells, 2))).toBe('a');
    expect(textOf(fitStart(cells, 3))).toBe('a漢');
    expect(textOf(fitEnd(cells, 2))).toBe('b');
    expect(textOf(fitEnd(cells, 3))).toBe('漢b');
    expect(textOf(fitStart(cells, 0))).toBe('');
    expect(textOf(fitEnd(cells, 99))).toBe('a漢b');
    expect(fitEnd([], 5)).toEqual([]);
  });
});

describe('text that drives a terminal', () => {
  test.each([
    ['an escape sequence', '\u001b[31mred', '␛[31mred'],
    ['line ends and tabs', 'a\r\n\tb', 'a␍␊␉b'],
    ['DEL and C1 controls', '\u007f\u009b', '␡\ufffd'],
    ['bidirectional overrides', 'a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
    ['line separators', '\u2028\u2029\u0085', '\ufffd\ufffd\ufffd'],
    ['what does not show', 'a\u200bb\ufeff', 'a\ufffdb\ufffd'],
    ['a mark that would stand on the frame', '\u0301a', '\u25cc\u0301a'],
    ["a command to GitHub's runner", 'x ##[stop-commands]', 'x ## [stop-commands]'],
  ])('%s is made harmless', (_, text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  test('nothing but printable characters is left of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  test('a file name cannot begin a line with a workflow command', () => {
    expect(fileNameLine('::error::x.jsonl')).toBe('./::error::x.jsonl');
    expect(fileNameLine(' ::error::x.jsonl')).toBe('./::error::x.jsonl');
    expect(fileNameLine('data/x.jsonl')).toBe('data/x.jsonl');
  });
});

test('a long text is shortened from its inside', () => {
  expect(shortened('abcdefghijkl', 9)).toBe('abcdef…kl');
  expect(shortened('abc', 9)).toBe('abc');
});
