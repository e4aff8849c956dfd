import { countMerged, MERGE_END } from './merge';
import {
  hashOf,
  hashOfKey,
  isSame,
  KEY_MASK,
  keyHigh,
  keyLow,
  MAX_KEY_BYTES,
  NO_RANK,
  rankOfKey,
  rankOfLong,
  VALUE_SHIFT,
} from './vocabulary';

/*
 * The number of tokens of pieces that were seen before. Each piece has one place in each of these tables, where it takes
 * the place of another one: so the memory is bounded, nothing is allocated, and forgetting costs nothing.
 */

/** Of any short pieces: so small that it stays near the processor. */
const RECENT: usize = MERGE_END;
const RECENT_BITS: usize = 13;

/** Of short pieces that had to be merged. */
const SHORT: usize = RECENT + (16 << RECENT_BITS);
const SHORT_BITS: usize = 17;

/** Of longer ones that had to be merged: length, number of tokens, and the bytes. */
const LONG: usize = SHORT + (16 << SHORT_BITS);
const LONG_BITS: usize = 15;
const LONG_SIZE: usize = 64;
const MAX_LONG_BYTES: usize = LONG_SIZE - 8;

export const CACHE_END: usize = LONG + (LONG_SIZE << LONG_BITS);

/** How many tokens a piece has. */
@inline
export function countPiece(at: usize, length: usize): u32 {
  if (length > MAX_KEY_BYTES) return countLong(at, length);
  const low = keyLow(at, length);
  const high = keyHigh(at, length);
  const hash = hashOfKey(low, high);
  const recent = RECENT + ((((hash >> 32) as usize) & ((1 << RECENT_BITS) - 1)) << 4);
  const found = load<u64>(recent, 8);
  if ((found & KEY_MASK) === high && load<u64>(recent) === low) return (found >> VALUE_SHIFT) as u32;
  const count = countShort(at, length, low, high, hash);
  store<u64>(recent, low);
  store<u64>(recent, high | ((count as u64) << VALUE_SHIFT), 8);
  return count;
}

function countShort(at: usize, length: usize, low: u64, high: u64, hash: u64): u32 {
  if (rankOfKey(low, high, hash) !== NO_RANK) return 1;
  const entry = SHORT + ((((hash >> 28) as usize) & ((1 << SHORT_BITS) - 1)) << 4);
  const found = load<u64>(entry, 8);
  if ((found & KEY_MASK) === high && load<u64>(entry) === low) return (found >> VALUE_SHIFT) as u32;
  const count = countMerged(at, length);
  store<u64>(entry, low);
  store<u64>(entry, high | ((count as u64) << VALUE_SHIFT), 8);
  return count;
}

function countLong(at: usize, length: usize): u32 {
  const hash = hashOf(at, length);
  if (rankOfLong(at, length, hash) !== NO_RANK) return 1;
  if (length > MAX_LONG_BYTES) return countMerged(at, length);
  const entry = LONG + (((hash >> 28) as usize) & ((1 << LONG_BITS) - 1)) * LONG_SIZE;
  if (load<u32>(entry) === (length as u32) && isSame(entry + 8, at, length)) return load<u32>(entry, 4);
  const count = countMerged(at, length);
  store<u32>(entry, length);
  store<u32>(entry, count, 4);
  memory.copy(entry + 8, at, length);
  return count;
}
