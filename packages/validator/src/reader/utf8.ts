/** A byte that well-formed UTF-8 cannot have at its place. */
export interface InvalidByte {
  /** Index of the byte. */
  readonly at: number;
  readonly byte: number;
  /** What the byte is in Windows-1252, when it could well be from there. */
  readonly looksLike?: string;
}

// A byte order mark inside the data is data: only the reader of the file's first bytes may take it away.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What Windows-1252 has at 80 to 9F, where Latin-1 has control characters; from A0 on they agree. Node's own decoder of
 * that name reads Latin-1 before Node 23. Source: index-windows-1252 of the WHATWG Encoding Standard.
 */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** The text of some bytes; `undefined` when they are not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The first byte that is not part of well-formed UTF-8.
 *
 * Source: the table of well-formed byte sequences of the Unicode Standard (table 3-7).
 */
export function findInvalidByte(bytes: Uint8Array): InvalidByte | undefined {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return describe(bytes, at);
    at += length;
  }
  return undefined;
}

/** Bytes of the well-formed sequence that begins here; 0 when none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return isContinuation(second) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && isContinuation(bytes[at + 2] ?? 0) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    const isWellFormed =
      second >= low && second <= high && isContinuation(bytes[at + 2] ?? 0) && isContinuation(bytes[at + 3] ?? 0);
    return isWellFormed ? 4 : 0;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

function describe(bytes: Uint8Array, at: number): InvalidByte {
  const byte = bytes[at]!;
  const next = bytes[at + 1] ?? 0x20;
  // A lone high byte before ASCII is a letter of an 8-bit encoding; a control character there would be chance.
  const letter = next < 0x80 ? (WINDOWS_1252[byte - 0x80] ?? String.fromCharCode(byte)) : '';
  return /^[\p{L}\p{P}\p{S}]$/u.test(letter) ? { at, byte, looksLike: letter } : { at, byte };
}

const MIN_ENCODED = 100;
const MAX_ENCODED = 1 << 16;
const encoder = new TextEncoder();
const encoded = new Uint8Array(3 * MAX_ENCODED);

/**
 * How many bytes a text, or a part of it, takes in UTF-8; a lone surrogate takes the three of U+FFFD.
 *
 * @param from - @default the start of the text
 * @param to - @default its end
 */
export function utf8Length(text: string, from = 0, to = text.length): number {
  // From some length on the engine's own encoder is faster, the copy that it makes included.
  if (to - from >= MIN_ENCODED && to - from <= MAX_ENCODED)
    return encoder.encodeInto(text.slice(from, to), encoded).written;
  let length = to - from;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) length += 1;
    else if (code >= 0xd800 && code <= 0xdbff && index + 1 < to && isLowSurrogate(text.charCodeAt(index + 1))) {
      // Two code units, four bytes.
      length += 2;
      index += 1;
    } else length += 2;
  }
  return length;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
