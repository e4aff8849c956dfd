import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, findInvalidByte, utf8Length } from './utf8.js';

fc.configureGlobal({ seed: 20_261_122 });

/** Bytes that are nearly UTF-8: the edges of every range of table 3-7 of the Unicode Standard among them. */
const edges = [
  0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
];
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(...edges, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff).map((byte) => [byte]),
      fc.nat(255).map((byte) => [byte]),
      fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => [...Buffer.from(text)]),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).map((text) => [...Buffer.from(text)].slice(0, -1)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

const isWellFormed = (part: Uint8Array) => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(part);
    return true;
  } catch {
    return false;
  }
};

/** Any string, lone surrogates among them. */
const anyText = fc
  .array(fc.oneof(fc.nat(0xff), fc.nat(0xffff), fc.integer({ min: 0xd7ff, max: 0xe000 })), { maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes));

describe('findInvalidByte', () => {
  it('finds none exactly where a strict decoder finds nothing wrong', () => {
    fc.assert(
      fc.property(bytes, (whole) => {
        expect(findInvalidByte(whole) === undefined).toBe(isWellFormed(whole));
        expect(decodeUtf8(whole) === undefined).toBe(!isWellFormed(whole));
      }),
      { numRuns: 4_000 },
    );
  });

  it('finds the first one: what comes before it is UTF-8, and with it no more', () => {
    fc.assert(
      fc.property(bytes, (whole) => {
        const invalid = findInvalidByte(whole);
        if (invalid === undefined) return;
        expect(invalid.byte).toBe(whole[invalid.at]);
        expect(isWellFormed(whole.subarray(0, invalid.at))).toBe(true);
        for (let end = invalid.at + 1; end <= whole.length; end += 1) {
          expect(isWellFormed(whole.subarray(0, end))).toBe(false);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('takes every character there is', () => {
    for (let code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 97) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      expect(findInvalidByte(Buffer.from(String.fromCodePoint(code)))).toBeUndefined();
    }
  });

  it.each([
    ['a byte that is never used', [0x61, 0xff], 1],
    ['a continuation that continues nothing', [0x61, 0x80], 1],
    ['an overlong slash', [0x61, 0xc0, 0xaf], 1],
    ['an overlong form of three bytes', [0xe0, 0x80, 0xaf], 0],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80], 1],
    ['a code point past the last', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a sequence that the end cuts', [0x61, 0xe2, 0x82], 1],
    ['a sequence that a letter cuts', [0xf0, 0x9f, 0x98, 0x61], 0],
  ])('finds %s', (_, list, at) => {
    expect(findInvalidByte(Uint8Array.from(list))).toEqual(expect.objectContaining({ at, byte: list[at] }));
  });

  it.each([
    ['caf\xe9 au lait', 'é'],
    ['\x93quoted\x94', '“'],
    ['100 \x80 a day', '€'],
    ['na\xefve', 'ï'],
    ['it\x92s', '’'],
    ['\xe9', 'é'],
  ])('takes the odd byte of %j for Windows-1252', (text, letter) => {
    expect(findInvalidByte(Buffer.from(text, 'latin1'))?.looksLike).toBe(letter);
  });

  it('knows Windows-1252 as an independent decoder does', () => {
    // Whether Node's decoder knows more than Latin-1 depends on its version, so it is asked only where they agree.
    const decoder = new TextDecoder('windows-1252');
    for (let byte = 0xa0; byte <= 0xff; byte += 1) {
      const letter = decoder.decode(Uint8Array.of(byte));
      const isShown = letter !== '\u00a0' && letter !== '\u00ad' && /[^\p{N}]/u.test(letter);
      expect(findInvalidByte(Uint8Array.of(byte, 0x20))?.looksLike).toBe(isShown ? letter : undefined);
    }
    const upper = Array.from(
      { length: 32 },
      (_, index) => findInvalidByte(Uint8Array.of(0x80 + index, 0x20))?.looksLike ?? '·',
    );
    expect(upper.join('')).toBe('€·‚ƒ„…†‡ˆ‰Š‹Œ·Ž··‘’“”•–—˜™š›œ·žŸ');
  });

  it.each([
    ['a control character', [0x81, 0x61]],
    ['a no-break space', [0xa0, 0x61]],
    ['the start of a cut sequence', [0xe2, 0x82, 0x61]],
    ['one of many high bytes', [0xff, 0xfe, 0x61]],
  ])('does not take %s for Windows-1252', (_, list) => {
    expect(findInvalidByte(Uint8Array.from(list))?.looksLike).toBeUndefined();
  });
});

describe('decodeUtf8', () => {
  it('gives back every text that was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(Buffer.from(text))).toBe(text);
      }),
    );
  });

  it('keeps a byte order mark, for whoever reads the file must count it', () => {
    expect(decodeUtf8(Buffer.from('\ufeffa\ufeff'))).toBe('\ufeffa\ufeff');
  });
});

describe('utf8Length', () => {
  it('is what Node counts, lone surrogates included', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
      { numRuns: 4_000 },
    );
  });

  it.each([
    ['', 0],
    ['a\u007f', 2],
    ['\u0080\u07ff', 4],
    ['\u0800\uffff', 6],
    ['😀', 4],
    ['\ud83d', 3],
    ['\ude00\ud83d', 6],
    ['\ud83d😀', 7],
  ])('of %j is right', (text, length) => {
    expect(utf8Length(text)).toBe(length);
  });
});
