/*
 * What a character is to the patterns, as bits, so that one test asks for several kinds at once. The generator writes
 * them into each vocabulary (see generate/), as the pattern of that encoding needs them.
 */

/** Only in the first run of a word: `\p{Lu}\p{Lt}`. */
export const UPPER: u32 = 1;
/** Only in the second run of a word: `\p{Ll}`; in cl100k_base all letters. */
export const LOWER: u32 = 2;
/** In both runs: `\p{Lm}\p{Lo}\p{M}`. */
export const SHARED: u32 = 4;
export const NUMBER: u32 = 8;
/** White space other than CR and LF. */
export const SPACE: u32 = 16;
export const NEWLINE: u32 = 32;
/** `[^\s\p{L}\p{N}]`: marks belong to it too. */
export const OTHER: u32 = 64;
/** What stands behind the text: a byte that no UTF-8 has, so that no run needs to look where the text ends. */
export const END: u32 = 128;
export const END_BYTE: u8 = 0xff;

export const LETTER: u32 = UPPER | LOWER | SHARED;

/** By byte: the class of an ASCII character, END of the end, 0 of all that begins a longer one. */
const BYTES: usize = 0x0c00;
/** By code point / 64: the number of the block that holds the classes of those 64. */
const BLOCK_NUMBERS: usize = 0x1000;
export const BLOCK_NUMBERS_SIZE: usize = (0x110000 >> 6) * 2;
const BLOCKS: usize = 0xa000;
/** Of 512 blocks at most. */
export const CLASSES_END: usize = 0x12000;

/** Takes the block numbers and the blocks that stand one after the other at `from`. */
export function loadClasses(from: usize, blocksSize: usize): void {
  memory.copy(BLOCK_NUMBERS, from, BLOCK_NUMBERS_SIZE);
  memory.copy(BLOCKS, from + BLOCK_NUMBERS_SIZE, blocksSize);
  for (let byte: usize = 0; byte < 0x80; byte++) store<u8>(BYTES + byte, inBlock(byte >> 6, byte));
  store<u8>(BYTES + END_BYTE, END);
}

/** The class of the character at `at`. */
@inline
export function classAt(at: usize): u32 {
  const byte: usize = load<u8>(at);
  const known = classOfByte(byte);
  return known !== 0 ? known : classBeyondAscii(at, byte);
}

/** The class of the character that begins with this byte, if that says it; otherwise 0. */
@inline
export function classOfByte(byte: usize): u32 {
  return load<u8>(BYTES + byte);
}

/** By the bits of UTF-8 as they come: all bytes but the last say which block, the last one which place in it. */
function classBeyondAscii(at: usize, byte: usize): u32 {
  if (byte < 0xe0) return inBlock(byte & 0x1f, load<u8>(at, 1));
  if (byte < 0xf0) return inBlock(((byte & 0xf) << 6) | (load<u8>(at, 1) & 0x3f), load<u8>(at, 2));
  return inBlock(
    ((byte & 7) << 12) | (((load<u8>(at, 1) & 0x3f) as usize) << 6) | (load<u8>(at, 2) & 0x3f),
    load<u8>(at, 3),
  );
}

@inline
function inBlock(number: usize, byte: usize): u32 {
  return load<u8>(BLOCKS + ((load<u16>(BLOCK_NUMBERS + (number << 1)) as usize) << 6) + (byte & 0x3f));
}

/** How many bytes the character at `at` has. */
@inline
export function width(at: usize): usize {
  const byte = load<u8>(at);
  if (byte < 0x80) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}
