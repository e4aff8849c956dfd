import { note, ODD_ESCAPE } from './flags';

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;

/** The text of the string that was read last, its escapes resolved: where it stands, and its bytes. */
export let textAt: usize = 0;
export let textLength: usize = 0;

/**
 * Reads a string. Its text is left where it stood: where it has escapes it is written over them, being shorter.
 *
 * @param at - Behind the opening quote.
 * @returns What is behind the closing quote; 0 when it is none that JSON knows.
 */
export function readString(at: usize): usize {
  textAt = at;
  let from = at;
  let to = at;
  while (true) {
    const bytes = v128.load(from);
    const special = specialIn(bytes);
    if (special === 0) {
      // Behind an escape the text moves up; what is written over has been read.
      if (to !== from) v128.store(to, bytes);
      from += 16;
      to += 16;
      continue;
    }
    const plain = ctz(special);
    if (to !== from) moveFew(to, from, plain);
    from += plain;
    to += plain;
    const byte = load<u8>(from);
    if (byte === QUOTE) {
      textLength = to - at;
      return from + 1;
    }
    // A control character must be escaped; the zeros behind the line end the string that is not closed.
    if (byte !== BACKSLASH) return 0;
    const escaped = load<u8>(from, 1);
    if (escaped === 0x75) {
      to = writeUnicode(to, from);
      if (to === 0) return 0;
      from = afterUnicode;
      continue;
    }
    const character = meaningOf(escaped);
    if (character === 0) return 0;
    store<u8>(to, character);
    to += 1;
    from += 2;
  }
}

/** A bit for each of 16 bytes that is a quote, a backslash or a control character. */
@inline
function specialIn(bytes: v128): i32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, v128.splat<u8>(QUOTE)), i8x16.eq(bytes, v128.splat<u8>(BACKSLASH))),
      i8x16.lt_u(bytes, v128.splat<u8>(0x20)),
    ),
  );
}

/** Moves fewer than 16 bytes to a place before them. */
@inline
function moveFew(to: usize, from: usize, length: usize): void {
  if (length >= 8) {
    store<u64>(to, load<u64>(from));
    to += 8;
    from += 8;
    length -= 8;
  }
  for (; length > 0; length -= 1) {
    store<u8>(to, load<u8>(from));
    to += 1;
    from += 1;
  }
}

/** What a character behind a backslash stands for; 0 when it stands for nothing. */
function meaningOf(escaped: u8): u8 {
  switch (escaped) {
    case 0x6e: return 0x0a;
    case QUOTE: return QUOTE;
    case BACKSLASH: return BACKSLASH;
    case 0x74: return 0x09;
    case 0x72: return 0x0d;
    case 0x2f: return 0x2f;
    case 0x62: return 0x08;
    case 0x66: return 0x0c;
    default: return 0;
  }
}

/** Behind the escape that {@link writeUnicode} read. */
let afterUnicode: usize = 0;

/**
 * Writes the character of `\uXXXX`, or of two of them that are a pair, in UTF-8; half a pair as if it were a character.
 *
 * @returns What is behind it; 0 when the digits are none.
 */
function writeUnicode(to: usize, at: usize): usize {
  let code = hexAt(at + 2);
  if (code < 0) return 0;
  afterUnicode = at + 6;
  if ((code & 0xf800) === 0xd800) {
    const low = code < 0xdc00 && load<u16>(at, 6) === 0x755c ? hexAt(at + 8) : -1;
    if ((low & 0xfffffc00) === 0xdc00) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
      afterUnicode = at + 12;
      store<u8>(to, 0xf0 | (code >> 18));
      store<u8>(to, 0x80 | ((code >> 12) & 0x3f), 1);
      store<u8>(to, 0x80 | ((code >> 6) & 0x3f), 2);
      store<u8>(to, 0x80 | (code & 0x3f), 3);
      return to + 4;
    }
    note(ODD_ESCAPE);
  } else if (code === 0) note(ODD_ESCAPE);
  if (code < 0x80) {
    store<u8>(to, code);
    return to + 1;
  }
  if (code < 0x800) {
    store<u8>(to, 0xc0 | (code >> 6));
    store<u8>(to, 0x80 | (code & 0x3f), 1);
    return to + 2;
  }
  store<u8>(to, 0xe0 | (code >> 12));
  store<u8>(to, 0x80 | ((code >> 6) & 0x3f), 1);
  store<u8>(to, 0x80 | (code & 0x3f), 2);
  return to + 3;
}

/** The number of four hexadecimal digits; -1 when they are none. */
function hexAt(at: usize): i32 {
  let code = 0;
  for (let digit: usize = 0; digit < 4; digit += 1) {
    const byte = <i32>load<u8>(at + digit);
    let value = byte - 0x30;
    if (<u32>value > 9) {
      value = (byte | 0x20) - 0x61;
      if (<u32>value > 5) return -1;
      value += 10;
    }
    code = (code << 4) | value;
  }
  return code;
}
