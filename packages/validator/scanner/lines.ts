import { pairs, traits } from './example';
import { flags } from './flags';
import { CHAT_PAIR, copyHash, EXAMPLE_HASH, HAS_CHAT_PAIR, HASH_SIZE, keep } from './result';

/*
 * What is left of lines that have passed: plain data, which the host copies at once. Of each line 13 words in one list, the
 * record of its example (src/formats/fingerprint.ts) and whether it has a prompt and an answer; four numbers in another,
 * its place (src/formats/example-records.ts); and its traits.
 */

/** So many lines pass at once. */
export const MAX_LINES: i32 = 256;
const RECORD_SIZE: i32 = 3 * HASH_SIZE + 4;
const PLACE_SIZE: i32 = 32;
export const records: usize = memory.data(MAX_LINES * RECORD_SIZE, 16);
export const places: usize = memory.data(MAX_LINES * PLACE_SIZE, 16);
export const traitLists: usize = memory.data(MAX_LINES * 4, 16);

/** Whether the line that was scanned last hides nothing, and has none of these traits. */
@inline
export function isPassing(loudTraits: u32): bool {
  return flags === 0 && (traits & loudTraits) === 0;
}

/** @param line, example - Numbers of the first line. @param byteStart - Where this one begins in the file. */
export function writeLine(index: u32, line: f64, example: f64, byteStart: f64, length: usize): void {
  const record = records + <usize>index * <usize>RECORD_SIZE;
  copyHash(record, EXAMPLE_HASH);
  const hasPair = (pairs & HAS_CHAT_PAIR) !== 0;
  if (hasPair) {
    copyHash(record + HASH_SIZE, CHAT_PAIR);
    copyHash(record + 2 * HASH_SIZE, CHAT_PAIR + HASH_SIZE);
  } else {
    keep(record + HASH_SIZE, 0, 0);
    keep(record + 2 * HASH_SIZE, 0, 0);
  }
  store<u32>(record, hasPair ? 1 : 0, 3 * HASH_SIZE);
  const place = places + <usize>index * <usize>PLACE_SIZE;
  store<f64>(place, line + index);
  store<f64>(place, example + index, 8);
  store<f64>(place, byteStart, 16);
  store<f64>(place, <f64>length, 24);
  store<u32>(traitLists + (<usize>index << 2), traits);
}

/** Where the next line feed is; `end` when there is none. Reads up to 15 bytes behind the end. */
export function findFeed(at: usize, end: usize): usize {
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), v128.splat<u8>(0x0a)));
    if (found !== 0) return min(at + ctz(found), end);
  }
  return end;
}
