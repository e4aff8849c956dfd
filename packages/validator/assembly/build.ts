import { BLOCK_NUMBERS_SIZE, loadClasses } from './classes';
import { growTo } from './region';
import {
  ENTRIES,
  ENTRY_SHIFT,
  entryBy,
  filterBits,
  GROUP_BITS,
  groupOf,
  HAS_BORDERS,
  hashOf,
  hashOfKey,
  IMAGE_END,
  JOINED,
  joinedBit,
  KEY_MASKS,
  keyHigh,
  keyLow,
  LENGTH_SHIFT,
  LONG_MARK,
  LONGEST_TOKEN,
  MAX_KEY_BYTES,
  OPEN_BORDERS,
  PAIRS,
  PAIRS_SIZE,
  PATTERN,
  SOLID,
  VALUE_SHIFT,
} from './vocabulary';

/*
 * Fills the tables of `vocabulary.ts` from a vocabulary file. Done when the package is built: what it leaves is kept as
 * an image, which all counters of a process share.
 */

/** Of the file, before the classes of characters. */
const HEAD: usize = 32;
/** What is known of a token until it has its place: both words of its entry, its hash, the next token of its group. */
const RECORD: usize = 32;
/** So that a multiplier is found for each group. */
const MAX_LOAD: f64 = 0.8;
const GROUPS: usize = 1 << GROUP_BITS;

/**
 * @param file - Where the file is. What lies behind it is used.
 * @see generate/vocabulary-file.ts, where the format of the file is.
 */
export function buildTables(file: usize, size: usize): void {
  const tokens = load<u32>(file, 4);
  const blocks = load<u32>(file, 8);
  store<u32>(PATTERN, load<u32>(file, 12));
  loadClasses(file + HEAD, blocks * 64);
  const borders = setBits<u32>(SOLID, file + HEAD + BLOCK_NUMBERS_SIZE + blocks * 64, load<u32>(file, 16));
  const joined = setBits<u16>(OPEN_BORDERS, borders, load<u32>(file, 20));
  const lengths = joined + load<u32>(file, 24) * 8;
  for (let pair = joined; pair < lengths; pair += 8) setBit(JOINED, joinedBit(load<u64>(pair)));
  store<u32>(HAS_BORDERS, load<u32>(file, 28));
  const groups = (file + size + 15) & ~15;
  const records = groups + GROUPS * 8;
  growTo(records + ((tokens as usize) + 1) * RECORD);

  let bytes: usize = lengths + tokens;
  let entryBits: u32 = 4;
  while (((1 << entryBits) as f64) * MAX_LOAD < (tokens as f64)) entryBits++;
  store<u32>(ENTRY_SHIFT, 32 - entryBits);
  let longTokens = ENTRIES + (16 << (entryBits as usize));
  let longest: usize = 0;
  let record = records;
  fillKeyMasks();
  memory.fill(PAIRS, 0xff, PAIRS_SIZE);
  for (let rank: u32 = 0; rank < tokens; rank++) {
    const length: usize = load<u8>(lengths + rank);
    if (length === 0) continue;
    if (length > longest) longest = length;
    if (length === 2) store<u32>(PAIRS + ((load<u16>(bytes) as usize) << 2), rank);
    record += RECORD;
    let hash: u64;
    if (length <= MAX_KEY_BYTES) {
      const low = keyLow(bytes, length);
      const high = keyHigh(bytes, length);
      hash = hashOfKey(low, high);
      store<u64>(record, low);
      store<u64>(record, high | ((rank as u64) << VALUE_SHIFT), 8);
    } else {
      hash = hashOf(bytes, length);
      const high = (LONG_MARK << LENGTH_SHIFT) | ((length as u64) << 32) | longTokens;
      store<u64>(record, hash);
      store<u64>(record, high | ((rank as u64) << VALUE_SHIFT), 8);
      memory.copy(longTokens, bytes, length);
      longTokens += length;
    }
    store<u64>(record, hash, 16);
    store<u64>(groupOf(hash), load<u64>(groupOf(hash)) | filterBits(hash));
    const group = groups + (((hash as usize) & (GROUPS - 1)) << 3);
    store<u32>(record, load<u32>(group), 24);
    store<u32>(group, record);
    store<u32>(group, load<u32>(group, 4) + 1, 4);
    bytes += length;
  }
  placeGroups(groups);
  store<u32>(LONGEST_TOKEN, longest);
  store<u32>(IMAGE_END, longTokens);
}

/** Gives each group of tokens a multiplier by which all of them have places of their own; large groups first. */
function placeGroups(groups: usize): void {
  const end = groups + GROUPS * 8;
  let largest: u32 = 0;
  for (let group = groups; group < end; group += 8) largest = max(largest, load<u32>(group, 4));
  for (let size = largest; size > 0; size--) {
    for (let group = groups; group < end; group += 8) {
      if (load<u32>(group, 4) !== size) continue;
      const first: usize = load<u32>(group);
      let multiplier: u32 = 1;
      while (!placeGroup(first, multiplier)) {
        multiplier += 2;
        if (multiplier > 0xffff) unreachable();
      }
      store<u16>(groupOf(load<u64>(first, 16)), multiplier);
    }
  }
}

/** Writes the entries of a group, unless one of their places is taken. */
function placeGroup(first: usize, multiplier: u32): bool {
  for (let record = first; record !== 0; record = load<u32>(record, 24)) {
    const entry = entryBy(load<u64>(record, 16), multiplier);
    if (load<u64>(entry, 8) !== 0) {
      for (let before = first; before !== record; before = load<u32>(before, 24)) {
        store<u64>(entryBy(load<u64>(before, 16), multiplier), 0, 8);
      }
      return false;
    }
    store<u64>(entry, load<u64>(record));
    store<u64>(entry, load<u64>(record, 8), 8);
  }
  return true;
}

function fillKeyMasks(): void {
  for (let length: u64 = 1; length <= MAX_KEY_BYTES; length++) {
    const masks = KEY_MASKS + ((length as usize) << 4);
    store<u64>(masks, length < 8 ? (1 << (length << 3)) - 1 : -1);
    store<u64>(masks, length > 8 ? (1 << ((length - 8) << 3)) - 1 : 0, 8);
  }
}

/** Sets the bits of so many numbers of this type. Returns where the list ends. */
function setBits<T>(bits: usize, list: usize, count: usize): usize {
  const end = list + count * sizeof<T>();
  for (; list < end; list += sizeof<T>()) {
    setBit(bits, load<T>(list) as usize);
  }
  return end;
}

function setBit(bits: usize, number: usize): void {
  store<u8>(bits + (number >> 3), load<u8>(bits + (number >> 3)) | ((1 << ((number & 7) as u8)) as u8));
}
