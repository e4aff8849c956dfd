import { BLOCK_NUMBERS_SIZE, CLASSES_END, loadClasses } from './classes';
import { setPattern } from './split';

/** No token has these bytes. */
export const NO_RANK: u32 = 0xffffffff;

/** Longer tokens are found by a hash and then compared; up to here the bytes themselves are the key. */
export const MAX_KEY_BYTES: usize = 15;
const LONG_MARK: u64 = 0x10 << 56;

/** The rank of each token of two bytes. */
const PAIRS: usize = CLASSES_END;
const PAIRS_SIZE: usize = 4 << 16;
/** Slots of 16 bytes, 38 % of them in use for o200k_base, so that a look for what is no token soon finds a gap. */
const SLOTS: usize = 0x60000;
const SLOT_BITS: usize = 19;
const SLOT_MASK: usize = (1 << SLOT_BITS) - 1;
/** The rank of the token in each slot. */
const SLOT_RANKS: usize = SLOTS + (16 << SLOT_BITS);
export const VOCABULARY_END: usize = SLOT_RANKS + (4 << SLOT_BITS);

/** Odd numbers whose bits show no pattern: 2⁶⁴ over the golden ratio, and a constant of Pelle Evensen's rrxmrrxmsx_0. */
const MIX: u64 = (0x9e3779b9 << 32) | 0x7f4a7c15;
const FINAL_MIX: u64 = (0xd6e8feb8 << 32) | 0x6659fd93;

let longestToken: usize = 0;

/**
 * Fills the table from a vocabulary file, which must stay where it is: long tokens are compared with it.
 *
 * @see generate/vocabulary-file.ts, where the format of the file is.
 */
export function loadVocabulary(file: usize): void {
  const tokens = load<u32>(file, 4);
  const blocks = load<u32>(file, 8);
  setPattern(load<u32>(file, 12) !== 0);
  loadClasses(file + 16, blocks * 64);
  const lengths: usize = file + 16 + BLOCK_NUMBERS_SIZE + blocks * 64;
  let bytes: usize = lengths + tokens;
  memory.fill(PAIRS, 0xff, PAIRS_SIZE);
  for (let rank: u32 = 0; rank < tokens; rank++) {
    const length: usize = load<u8>(lengths + rank);
    if (length === 0) continue;
    if (length > longestToken) longestToken = length;
    if (length === 2) store<u32>(PAIRS + ((load<u16>(bytes) as usize) << 2), rank);
    let low: u64, high: u64, hash: u64;
    if (length <= MAX_KEY_BYTES) {
      low = keyLow(bytes, length);
      high = keyHigh(bytes, length);
      hash = hashOfKey(low, high);
    } else {
      hash = hashOf(bytes, length);
      low = hash;
      high = LONG_MARK | ((length as u64) << 32) | bytes;
    }
    insert(low, high, hash, rank);
    bytes += length;
  }
}

function insert(low: u64, high: u64, hash: u64, rank: u32): void {
  let slot = firstSlot(hash);
  while (load<u64>(SLOTS + (slot << 4), 8) !== 0) slot = (slot + 1) & SLOT_MASK;
  store<u64>(SLOTS + (slot << 4), low);
  store<u64>(SLOTS + (slot << 4), high, 8);
  store<u32>(SLOT_RANKS + (slot << 2), rank);
}

/** The first eight bytes of a key. */
// @ts-expect-error: decorator
@inline
export function keyLow(at: usize, length: usize): u64 {
  const bytes = load<u64>(at);
  return length >= 8 ? bytes : bytes & ((1 << ((length as u64) << 3)) - 1);
}

/** The other seven, and its length on top: a text may end in NUL. */
// @ts-expect-error: decorator
@inline
export function keyHigh(at: usize, length: usize): u64 {
  const rest: u64 = length > 8 ? load<u64>(at, 8) & ((1 << (((length as u64) - 8) << 3)) - 1) : 0;
  return rest | ((length as u64) << 56);
}

// @ts-expect-error: decorator
@inline
export function hashOfKey(low: u64, high: u64): u64 {
  let hash = low ^ (high * MIX);
  hash = (hash ^ (hash >> 32)) * FINAL_MIX;
  return hash ^ (hash >> 32);
}

/** The hash of a text of any length from eight bytes on. */
export function hashOf(at: usize, length: usize): u64 {
  const tail = at + length - 8;
  let hash: u64 = length;
  for (; at < tail; at += 8) {
    hash = (hash ^ load<u64>(at)) * MIX;
    hash ^= hash >> 32;
  }
  hash = (hash ^ load<u64>(tail)) * FINAL_MIX;
  return hash ^ (hash >> 32);
}

// @ts-expect-error: decorator
@inline
function firstSlot(hash: u64): usize {
  return (hash as usize) & SLOT_MASK;
}

// @ts-expect-error: decorator
@inline
export function hasKey(low: u64, high: u64, hash: u64): bool {
  return slotOfKey(low, high, hash) !== NO_RANK;
}

// @ts-expect-error: decorator
@inline
function slotOfKey(low: u64, high: u64, hash: u64): usize {
  let slot = firstSlot(hash);
  let found = load<u64>(SLOTS + (slot << 4), 8);
  while (found !== 0) {
    if (found === high && load<u64>(SLOTS + (slot << 4)) === low) return slot;
    slot = (slot + 1) & SLOT_MASK;
    found = load<u64>(SLOTS + (slot << 4), 8);
  }
  return NO_RANK;
}

/** Whether a text of more than {@link MAX_KEY_BYTES} is a token. */
export function isLongToken(at: usize, length: usize, hash: u64): bool {
  return slotOfLong(at, length, hash) !== NO_RANK;
}

function slotOfLong(at: usize, length: usize, hash: u64): usize {
  if (length > longestToken) return NO_RANK;
  const mark = (LONG_MARK >> 32) | (length as u64);
  let slot = firstSlot(hash);
  let found = load<u64>(SLOTS + (slot << 4), 8);
  while (found !== 0) {
    if (found >> 32 === mark && load<u64>(SLOTS + (slot << 4)) === hash && isSame(found as u32, at, length)) return slot;
    slot = (slot + 1) & SLOT_MASK;
    found = load<u64>(SLOTS + (slot << 4), 8);
  }
  return NO_RANK;
}

/** Whether two texts of eight bytes or more are the same. */
export function isSame(left: usize, right: usize, length: usize): bool {
  const tail = length - 8;
  for (let at: usize = 0; at < tail; at += 8) if (load<u64>(left + at) !== load<u64>(right + at)) return false;
  return load<u64>(left + tail) === load<u64>(right + tail);
}

/** The rank of the token of these two bytes. */
// @ts-expect-error: decorator
@inline
export function rankOfPair(at: usize): u32 {
  return load<u32>(PAIRS + ((load<u16>(at) as usize) << 2));
}

/** The rank of the token of these bytes, or {@link NO_RANK}. */
export function rankOf(at: usize, length: usize): u32 {
  let slot: usize;
  if (length <= MAX_KEY_BYTES) {
    const low = keyLow(at, length);
    const high = keyHigh(at, length);
    slot = slotOfKey(low, high, hashOfKey(low, high));
  } else {
    if (length > longestToken) return NO_RANK;
    slot = slotOfLong(at, length, hashOf(at, length));
  }
  return slot === NO_RANK ? NO_RANK : load<u32>(SLOT_RANKS + (slot << 2));
}
