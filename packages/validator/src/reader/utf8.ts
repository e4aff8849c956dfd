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
const windows1252 = new TextDecoder('windows-1252');

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
  const letter = next < 0x80 ? windows1252.decode(bytes.subarray(at, at + 1)) : '';
  return /^[\p{L}\p{P}\p{S}]$/u.test(letter) ? { at, byte, looksLike: letter } : { at, byte };
}

/** How many bytes a text takes in UTF-8; a lone surrogate takes the three of U+FFFD. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) length += 1;
    else if (code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(index + 1))) {
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
