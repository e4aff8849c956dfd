import { CLASSES_END } from './classes';

/** No token has these bytes. */
export const NO_RANK: u32 = 0xffffffff;

/*
 * The ranks of the tokens, in a table with one place for each text: where a token is, no other text of the same place
 * is one. So a look needs no branch, which would be hard to foresee. `build.ts` fills it.
 *
 * An entry has 16 bytes, so that it never lies on two cache lines, and all that a look needs is in it. Of up to 13
 * bytes, these and their number are the key; above them, in 20 bits, stands what is known of them: the rank of a token
 * here, the number of tokens in the cache. Longer tokens have their hash, and the address of their bytes.
 */

export const MAX_KEY_BYTES: usize = 13;
export const LENGTH_SHIFT: u64 = 40;
export const VALUE_SHIFT: u64 = 44;
export const KEY_MASK: u64 = (1 << VALUE_SHIFT) - 1;
/** In the place of a key's length: the entry is that of a long token. */
export const LONG_MARK: u64 = 15;

/** Which pattern the encoding has, how many bytes its longest token has, where the image of the tables ends. */
export const PATTERN: usize = 0x0b00;
export const LONGEST_TOKEN: usize = 0x0b04;
export const IMAGE_END: usize = 0x0b08;
/** By how much a product is shifted to be the number of an entry: the table is as large as the vocabulary needs. */
export const ENTRY_SHIFT: usize = 0x0b0c;
/** An entry that no text has. */
const NO_ENTRY: usize = 0x0b10;
/** Whether pieces may be cut at closed borders. */
export const HAS_BORDERS: usize = 0x0b20;
/** For each length of a key which bits of the first and of the second eight bytes belong to it. */
export const KEY_MASKS: usize = 0x0d00;

/** The rank of each token of two bytes. */
export const PAIRS: usize = CLASSES_END;
export const PAIRS_SIZE: usize = 4 << 16;
/** A bit of each code point that may be taken as one part from the start. */
export const SOLID: usize = PAIRS + PAIRS_SIZE;
const SOLID_LIMIT: usize = 0x20000;
/** A bit of each two bytes with a border between characters that tokens go across which begin or end within one. */
export const OPEN_BORDERS: usize = SOLID + (SOLID_LIMIT >> 3);
/** A bit, by its hash, of each two characters, not both of ASCII, that stand side by side in some token. */
export const JOINED: usize = OPEN_BORDERS + (0x10000 >> 3);
export const JOINED_BITS: usize = 19;
/**
 * By the low bits of a hash, a group of tokens: the number that the high bits are multiplied by, so that no two tokens
 * have the same place, in 16 bits; and in the others two bits of each token of the group, by which most texts that are
 * no token are known without a look at the entries, which are 16 times as large.
 */
export const GROUPS: usize = JOINED + (1 << (JOINED_BITS - 3));
export const GROUP_BITS: usize = 15;
/** The entries, 76 % of them in use. The bytes of long tokens are behind them. */
export const ENTRIES: usize = GROUPS + (8 << GROUP_BITS);

/** Bits that no byte of ASCII has, and no length of a key. */
export const NOT_ASCII: u64 = 0x8080808080808080;

/** Odd numbers whose bits show no pattern: 2⁶⁴ over the golden ratio, and a constant of Pelle Evensen's rrxmrrxmsx_0. */
const MIX: u64 = (0x9e3779b9 << 32) | 0x7f4a7c15;
const FINAL_MIX: u64 = (0xd6e8feb8 << 32) | 0x6659fd93;

/** Where the tables end that all counters share. */
export function imageEnd(): usize {
  return load<u32>(IMAGE_END);
}

/** The number of the pattern of this encoding. */
export function patternNumber(): u32 {
  return load<u32>(PATTERN);
}

/** The first eight bytes of a key. Which bits belong to it comes from a table: a branch on the length would cost more. */
@inline
export function keyLow(at: usize, length: usize): u64 {
  return load<u64>(at) & load<u64>(KEY_MASKS + (length << 4));
}

/** The other five, and its length on top: a text may end in NUL. */
@inline
export function keyHigh(at: usize, length: usize): u64 {
  return (load<u64>(at, 8) & load<u64>(KEY_MASKS + (length << 4), 8)) | ((length as u64) << LENGTH_SHIFT);
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
  let hash: u64 = (length as u64) * FINAL_MIX;
  for (; at < tail; at += 8) {
    hash = (hash ^ load<u64>(at)) * MIX;
    hash ^= hash >> 32;
  }
  hash = (hash ^ load<u64>(tail)) * FINAL_MIX;
  return hash ^ (hash >> 32);
}

/** The only place where a token of this hash can be. */
@inline
function entryOf(hash: u64): usize {
  const group = load<u64>(groupOf(hash));
  const bits = filterBits(hash);
  return select<usize>(entryBy(hash, group as u32 & 0xffff), NO_ENTRY, (group & bits) === bits);
}

@inline
export function groupOf(hash: u64): usize {
  return GROUPS + (((hash as usize) & ((1 << GROUP_BITS) - 1)) << 3);
}

@inline
export function filterBits(hash: u64): u64 {
  return (((1 as u64) << ((hash >> 15) & 31)) << 16) | (((1 as u64) << ((hash >> 20) & 31)) << 32);
}

@inline
export function entryBy(hash: u64, multiplier: u32): usize {
  const place = (((hash >> 32) as u32) * multiplier) as usize;
  return ENTRIES + ((place >> (load<u32>(ENTRY_SHIFT) as usize)) << 4);
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

/**
 * Whether no token goes across the border at `border`, between the characters that begin at `before` and that end at
 * `behind`: then what stands before it and what stands behind it are merged as if the other one were not there.
 *
 * @see generate/joined-characters.ts
 */
@inline
export function isClosed(before: usize, border: usize, behind: usize): bool {
  const both = load<u64>(before) & load<u64>(KEY_MASKS + ((behind - before) << 4));
  return !(isSet(JOINED, joinedBit(both)) || isSet(OPEN_BORDERS, load<u16>(border - 1)) || (both & NOT_ASCII) === 0);
}

/** Where the bit of two characters is. */
@inline
export function joinedBit(both: u64): usize {
  return ((both * MIX) >> (64 - (JOINED_BITS as u64))) as usize;
}

@inline
function isSet(bits: usize, number: usize): bool {
  return ((load<u8>(bits + (number >> 3)) >> ((number & 7) as u8)) & 1) !== 0;
}

/** The rank of the token of these bytes, or {@link NO_RANK}. */
@inline
export function rankOf(at: usize, length: usize): u32 {
  return length > MAX_KEY_BYTES ? rankOfLong(at, length, hashOf(at, length)) : rankOfShort(at, length);
}

/** As {@link rankOf}, of a text of up to {@link MAX_KEY_BYTES}. */
@inline
export function rankOfShort(at: usize, length: usize): u32 {
  const low = keyLow(at, length);
  const high = keyHigh(at, length);
  return rankOfKey(low, high, hashOfKey(low, high));
}

@inline
export function rankOfKey(low: u64, high: u64, hash: u64): u32 {
  const entry = entryOf(hash);
  const found = load<u64>(entry, 8);
  const isOther = ((found & KEY_MASK) ^ high) | (load<u64>(entry) ^ low);
  return select<u32>(NO_RANK, (found >> VALUE_SHIFT) as u32, isOther !== 0);
}

/** As {@link rankOf}, of a text of more than {@link MAX_KEY_BYTES}. */
export function rankOfLong(at: usize, length: usize, hash: u64): u32 {
  if (length > (load<u32>(LONGEST_TOKEN) as usize)) return NO_RANK;
  const entry = entryOf(hash);
  const found = load<u64>(entry, 8);
  if (load<u64>(entry) !== hash || (found & KEY_MASK) >> 32 !== ((LONG_MARK << LENGTH_SHIFT) >> 32 | (length as u64)))
    return NO_RANK;
  return isSame(found as u32, at, length) ? ((found >> VALUE_SHIFT) as u32) : NO_RANK;
}

/** Whether two texts of eight bytes or more are the same. */
export function isSame(left: usize, right: usize, length: usize): bool {
  const tail = length - 8;
  for (let at: usize = 0; at < tail; at += 8) if (load<u64>(left + at) !== load<u64>(right + at)) return false;
  return load<u64>(left + tail) === load<u64>(right + tail);
}
