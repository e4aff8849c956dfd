/*
 * What an example has of all that rules look for. Where it cannot be told, a trait is there: a rule may be run in vain,
 * never be left out. src/rules/traits.ts has the names of the bits.
 */

/** `tools`, `functions` or `parallel_tool_calls`. */
export const TOOLS: u32 = 1;
/** A call, or the result of one. */
export const HAS_CALLS: u32 = 2;
/** A content that is a list of parts. */
export const PARTS: u32 = 4;
/** A weight that is not 0 or 1 on an answer; or no answer is trained on. */
export const WEIGHT: u32 = 8;
/** A name that not every endpoint takes. */
export const NAME: u32 = 16;
export const REFUSAL: u32 = 32;
/** Roles in another order than a message of the system or none, then user and assistant in turn up to an answer. */
export const ODD_TURNS: u32 = 64;
/** A message that perhaps says nothing. */
export const BLANK: u32 = 128;
/** A text with more bytes than the host named. */
export const LONG_TEXT: u32 = 256;
/** A message of the system, or of the developer. */
export const HAS_SYSTEM: u32 = 512;

/** The most bytes of a text that is not {@link LONG_TEXT}. */
export let longText: u32 = u32.MAX_VALUE;

export function setLongText(bytes: u32): void {
  longText = bytes;
}

/** Whether a text certainly holds something that JavaScript's `trim` leaves. */
export function isFilled(at: usize, length: usize): bool {
  const end = at + length;
  while (at < end && isAsciiSpace(load<u8>(at))) at += 1;
  if (at === end) return false;
  const first = load<u8>(at);
  if (first < 0x80) return first > 0x20 && first < 0x7f;
  const second = load<u8>(at, 1);
  const third = load<u8>(at, 2);
  switch (first) {
    // U+00A0; U+1680; U+2000 to U+200A, U+2028, U+2029, U+202F and U+205F; U+3000; U+FEFF
    case 0xc2: return second !== 0xa0;
    case 0xe1: return second !== 0x9a;
    case 0xe2:
      if (second === 0x80) return third > 0x8a && third !== 0xa8 && third !== 0xa9 && third !== 0xaf;
      return second !== 0x81 || third !== 0x9f;
    case 0xe3: return second !== 0x80 || third !== 0x80;
    case 0xef: return second !== 0xbb;
    default: return true;
  }
}

/** Whether a text is 1 to 64 letters of ASCII, digits, "_" and "-". */
export function isName(at: usize, length: usize): bool {
  if (length === 0 || length > 64) return false;
  for (const end = at + length; at < end; at += 1) {
    const byte = <u32>load<u8>(at);
    const isLetter = (byte | 0x20) - 0x61 < 26;
    if (!isLetter && byte - 0x30 > 9 && byte !== 0x5f && byte !== 0x2d) return false;
  }
  return true;
}

@inline
function isAsciiSpace(byte: u8): bool {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
