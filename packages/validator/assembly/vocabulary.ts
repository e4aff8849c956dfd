import { BLOCK_NUMBERS_SIZE, CLASSES_END, loadClasses } from './classes';
import { setPattern } from './split';

/** No token has these bytes. */
export const NO_RANK: u32 = 0xffffffff;

/*
 * An entry has 16 bytes, so that it never lies on two cache lines, and all that a look needs is in it. Of up to 13
 * bytes, these and their number are the key; above them, in 20 bits, stands what is known of them: the rank of a token
 * here, the number of tokens in the cache. Longer tokens have their hash, and the address of their bytes.
 */

export const MAX_KEY_BYTES: usize = 13;
const LENGTH_SHIFT: u64 = 40;
export const VALUE_SHIFT: u64 = 44;
export const KEY_MASK: u64 = (1 << VALUE_SHIFT) - 1;
/** In the place of a key's length: the entry is that of a long token. */
const LONG_MARK: u64 = 15;

/** For each length of a key which bits of the first and of the second eight bytes belong to it. */
const KEY_MASKS: usize = 0x0d00;

/** The rank of each token of two bytes. */
const PAIRS: usize = CLASSES_END;
const PAIRS_SIZE: usize = 4 << 16;
/** A bit of each code point that may be taken as one part from the start. */
const SOLID: usize = PAIRS + PAIRS_SIZE;
const SOLID_LIMIT: usize = 0x20000;
/** A bit of each two bytes with a border between characters that tokens go across which begin or end within one. */
const OPEN_BORDERS: usize = SOLID + (SOLID_LIMIT >> 3);
/** A bit of each token's hash: most texts that are no token are known by a look at this quarter of a megabyte. */
const FILTER: usize = OPEN_BORDERS + (0x10000 >> 3);
const FILTER_SIZE: usize = 1 << 18;
/** The entries, each in the first free place from that of its hash on: 76 % of them are in use for o200k_base. */
const ENTRIES: usize = FILTER + FILTER_SIZE;
const ENTRY_BITS: usize = 18;
const ENTRY_MASK: usize = (1 << ENTRY_BITS) - 1;
export const VOCABULARY_END: usize = ENTRIES + (16 << ENTRY_BITS);

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
  loadClasses(file + 24, blocks * 64);
  const borders = setBits<u32>(SOLID, file + 24 + BLOCK_NUMBERS_SIZE + blocks * 64, load<u32>(file, 16));
  const lengths = setBits<u16>(OPEN_BORDERS, borders, load<u32>(file, 20));
  let bytes: usize = lengths + tokens;
  fillKeyMasks();
  memory.fill(PAIRS, 0xff, PAIRS_SIZE);
  for (let rank: u32 = 0; rank < tokens; rank++) {
    const length: usize = load<u8>(lengths + rank);
    if (length === 0) continue;
    if (length > longestToken) longestToken = length;
    if (length === 2) store<u32>(PAIRS + ((load<u16>(bytes) as usize) << 2), rank);
    if (length <= MAX_KEY_BYTES) {
      const low = keyLow(bytes, length);
      const high = keyHigh(bytes, length);
      insert(low, high, hashOfKey(low, high), rank);
    } else {
      const hash = hashOf(bytes, length);
      insert(hash, (LONG_MARK << LENGTH_SHIFT) | ((length as u64) << 32) | bytes, hash, rank);
    }
    bytes += length;
  }
}

function insert(low: u64, high: u64, hash: u64, rank: u32): void {
  const word = filterWord(hash);
  store<u32>(word, load<u32>(word) | filterBit(hash));
  let at = firstEntry(hash);
  while (load<u64>(at, 8) !== 0) at = entryAfter(at);
  store<u64>(at, low);
  store<u64>(at, high | ((rank as u64) << VALUE_SHIFT), 8);
}

/** The first eight bytes of a key. */
@inline
export function keyLow(at: usize, length: usize): u64 {
  return load<u64>(at) & load<u64>(KEY_MASKS + (length << 4));
}

/** The other five, and its length on top: a text may end in NUL. */
@inline
export function keyHigh(at: usize, length: usize): u64 {
  return (load<u64>(at, 8) & load<u64>(KEY_MASKS + (length << 4), 8)) | ((length as u64) << LENGTH_SHIFT);
}

/** From a table: lengths are hard to foresee, so a branch on them would cost more. */
function fillKeyMasks(): void {
  for (let length: u64 = 1; length <= MAX_KEY_BYTES; length++) {
    const masks = KEY_MASKS + ((length as usize) << 4);
    store<u64>(masks, length < 8 ? (1 << (length << 3)) - 1 : -1);
    store<u64>(masks, length > 8 ? (1 << ((length - 8) << 3)) - 1 : 0, 8);
  }
}

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

@inline
function filterWord(hash: u64): usize {
  return FILTER + (((hash >> 24) as usize) & (FILTER_SIZE - 4));
}

@inline
function filterBit(hash: u64): u32 {
  return 1 << ((hash >> 19) as u32);
}

@inline
function firstEntry(hash: u64): usize {
  return ENTRIES + (((hash as usize) & ENTRY_MASK) << 4);
}

@inline
function entryAfter(entry: usize): usize {
  return entry + 16 === VOCABULARY_END ? ENTRIES : entry + 16;
}

/** The rank of the token of these two bytes. */
@inline
export function rankOfPair(at: usize): u32 {
  return load<u32>(PAIRS + ((load<u16>(at) as usize) << 2));
}

/**
 * How many bytes may be taken as one part at the start of merging: those of a solid character that is all there and has
 * no open border beside it, otherwise one.
 *
 * @see generate/solid-characters.ts, for why that changes nothing.
 */
@inline
export function solidWidth(at: usize, start: usize, end: usize): usize {
  const byte = load<u8>(at) as usize;
  if (byte < 0xc0) return 1;
  const width: usize = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  if (at + width > end) return 1;
  const second = (load<u8>(at, 1) & 0x3f) as usize;
  const third = (load<u8>(at, 2) & 0x3f) as usize;
  let codePoint: usize;
  if (width === 2) codePoint = ((byte & 0x1f) << 6) | second;
  else if (width === 3) codePoint = ((byte & 0xf) << 12) | (second << 6) | third;
  else codePoint = ((byte & 7) << 18) | (second << 12) | (third << 6) | (load<u8>(at, 3) & 0x3f);
  if (codePoint >= SOLID_LIMIT || !isSet(SOLID, codePoint)) return 1;
  if (at > start && isSet(OPEN_BORDERS, load<u16>(at - 1))) return 1;
  return at + width < end && isSet(OPEN_BORDERS, load<u16>(at + width - 1)) ? 1 : width;
}

@inline
function isSet(bits: usize, number: usize): bool {
  return ((load<u8>(bits + (number >> 3)) >> ((number & 7) as u8)) & 1) !== 0;
}

/** Sets the bits of so many numbers of this type. Returns where the list ends. */
function setBits<T>(bits: usize, list: usize, count: usize): usize {
  const end = list + count * sizeof<T>();
  for (; list < end; list += sizeof<T>()) {
    const number = load<T>(list) as usize;
    store<u8>(bits + (number >> 3), load<u8>(bits + (number >> 3)) | ((1 << ((number & 7) as u8)) as u8));
  }
  return end;
}

/** The rank of the token of these bytes, or {@link NO_RANK}. */
@inline
export function rankOf(at: usize, length: usize): u32 {
  if (length > MAX_KEY_BYTES) return rankOfLong(at, length, hashOf(at, length));
  const low = keyLow(at, length);
  const high = keyHigh(at, length);
  return rankOfKey(low, high, hashOfKey(low, high));
}

@inline
export function rankOfKey(low: u64, high: u64, hash: u64): u32 {
  if (!(load<u32>(filterWord(hash)) & filterBit(hash))) return NO_RANK;
  let entry = firstEntry(hash);
  let found = load<u64>(entry, 8);
  while (found !== 0) {
    if ((found & KEY_MASK) === high && load<u64>(entry) === low) return (found >> VALUE_SHIFT) as u32;
    entry = entryAfter(entry);
    found = load<u64>(entry, 8);
  }
  return NO_RANK;
}

/** As {@link rankOf}, of a text of more than {@link MAX_KEY_BYTES}. */
export function rankOfLong(at: usize, length: usize, hash: u64): u32 {
  if (length > longestToken) return NO_RANK;
  if (!(load<u32>(filterWord(hash)) & filterBit(hash))) return NO_RANK;
  const mark = ((LONG_MARK << LENGTH_SHIFT) >> 32) | (length as u64);
  let entry = firstEntry(hash);
  let found = load<u64>(entry, 8);
  while (found !== 0) {
    if ((found & KEY_MASK) >> 32 === mark && load<u64>(entry) === hash && isSame(found as u32, at, length)) {
      return (found >> VALUE_SHIFT) as u32;
    }
    entry = entryAfter(entry);
    found = load<u64>(entry, 8);
  }
  return NO_RANK;
}

/** Whether two texts of eight bytes or more are the same. */
export function isSame(left: usize, right: usize, length: usize): bool {
  const tail = length - 8;
  for (let at: usize = 0; at < tail; at += 8) if (load<u64>(left + at) !== load<u64>(right + at)) return false;
  return load<u64>(left + tail) === load<u64>(right + tail);
}
