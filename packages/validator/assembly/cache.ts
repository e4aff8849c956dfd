import { countMerged, MERGE_END } from './merge';
import { hashOf, hashOfKey, hasKey, isLongToken, isSame, keyHigh, keyLow, MAX_KEY_BYTES } from './vocabulary';

/*
 * The number of tokens of pieces that are no tokens. Each piece has one place, where it takes the place of another one:
 * so the memory is bounded, nothing is allocated, and forgetting costs nothing.
 */

/** Of short pieces: the key, with the number of tokens in the four bits above its length. */
const SHORT: usize = MERGE_END;
const SHORT_BITS: usize = 16;
const COUNT_SHIFT: u64 = 60;
const COUNT_MASK: u64 = 0xf << COUNT_SHIFT;

/** Of longer ones: length, number of tokens, and the bytes. */
const LONG: usize = SHORT + (16 << SHORT_BITS);
const LONG_BITS: usize = 14;
const LONG_SIZE: usize = 64;
const MAX_LONG_BYTES: usize = LONG_SIZE - 8;

export const CACHE_END: usize = LONG + (LONG_SIZE << LONG_BITS);

/** How many tokens a piece has. */
// @ts-expect-error: decorator
@inline
export function countPiece(at: usize, length: usize): u32 {
  if (length > MAX_KEY_BYTES) return countLong(at, length);
  const low = keyLow(at, length);
  const high = keyHigh(at, length);
  const hash = hashOfKey(low, high);
  return hasKey(low, high, hash) ? 1 : countShort(at, length, low, high, hash);
}

function countShort(at: usize, length: usize, low: u64, high: u64, hash: u64): u32 {
  const entry = SHORT + (((hash >> 24) as usize & ((1 << SHORT_BITS) - 1)) << 4);
  const found = load<u64>(entry, 8);
  if (load<u64>(entry) === low && (found & ~COUNT_MASK) === high) return (found >> COUNT_SHIFT) as u32;
  const count = countMerged(at, length);
  store<u64>(entry, low);
  store<u64>(entry, high | ((count as u64) << COUNT_SHIFT), 8);
  return count;
}

function countLong(at: usize, length: usize): u32 {
  const isKept = length <= MAX_LONG_BYTES;
  const hash = hashOf(at, length);
  if (isLongToken(at, length, hash)) return 1;
  if (!isKept) return countMerged(at, length);
  const entry = LONG + (((hash >> 24) as usize & ((1 << LONG_BITS) - 1)) * LONG_SIZE);
  if (load<u32>(entry) === (length as u32) && isSame(entry + 8, at, length)) return load<u32>(entry, 4);
  const count = countMerged(at, length);
  store<u32>(entry, length);
  store<u32>(entry, count, 4);
  memory.copy(entry + 8, at, length);
  return count;
}
