import { width } from './classes';
import { countMerged, MERGE_END, mergeTwoAscii, NO_ROOM } from './merge';
import { region } from './region';
import {
  HAS_BORDERS,
  hashOf,
  hashOfKey,
  isClosed,
  isSame,
  KEY_MASK,
  keyHigh,
  keyLow,
  LENGTH_SHIFT,
  MAX_KEY_BYTES,
  NO_RANK,
  NOT_ASCII,
  rankOfKey,
  rankOfLong,
  VALUE_SHIFT,
} from './vocabulary';

/*
 * The number of tokens of pieces that were seen before. The tables have a fixed size, and a piece takes the place of
 * another one: so the memory is bounded, nothing is allocated, and forgetting costs nothing.
 *
 * A look that depends on the one before it, or a branch that is not foreseen, costs more than all the arithmetic here.
 * So short pieces are looked for in the first table without a branch, and those that are not there wait in a queue; the
 * queue is gone through without a branch again, which lets the processor fetch many places of the large table at once;
 * and only what is new is counted piece by piece.
 */

/** Short pieces that were not in the first table: both parts of the key, the hash, and where the piece is. */
const QUEUE: usize = MERGE_END;
const QUEUE_ENTRY: usize = 32;
const QUEUE_LIMIT: usize = 256;

/** Of short pieces: so small that it stays near the processor. */
const RECENT: usize = QUEUE + QUEUE_ENTRY * QUEUE_LIMIT;
const RECENT_BITS: usize = 13;

/** Of short pieces, two places for each. */
const SHORT: usize = RECENT + (16 << RECENT_BITS);
const SHORT_BITS: usize = 17;

/** Of longer ones: length, number of tokens, and the bytes. */
const LONG: usize = SHORT + (32 << SHORT_BITS);
const LONG_BITS: usize = 16;
const LONG_SIZE: usize = 64;
const MAX_LONG_BYTES: usize = LONG_SIZE - 8;

export const CACHE_END: usize = LONG + (LONG_SIZE << LONG_BITS);

let queueEnd: usize = 0;

/** That a piece was found which needs more memory than a region has: what was counted is of no use. */
export let isOutOfRoom: bool = false;

/** To be called before the first piece. */
export function beginPieces(): void {
  queueEnd = region + QUEUE;
  isOutOfRoom = false;
}

/** Counts a piece, if not now, by the next {@link countQueued}. Returns how many tokens were counted now. */
@inline
export function countPiece(at: usize, length: usize): u32 {
  return length > MAX_KEY_BYTES ? countLong(at, length) : countShort(at, length);
}

@inline
function countShort(at: usize, length: usize): u32 {
  const low = keyLow(at, length);
  const high = keyHigh(at, length);
  const hash = hashOfKey(low, high);
  const recent = recentPlace(hash);
  const found = load<u64>(recent, 8);
  const isElsewhere = isOther(load<u64>(recent), found, low, high);
  const entry = queueEnd;
  store<u64>(entry, low);
  store<u64>(entry, high, 8);
  store<u64>(entry, hash, 16);
  store<u32>(entry, at as u32, 24);
  queueEnd = entry + (isElsewhere as usize) * QUEUE_ENTRY;
  const known = ((found >> VALUE_SHIFT) as u32) & ((isElsewhere as u32) - 1);
  return entry === region + QUEUE + QUEUE_ENTRY * (QUEUE_LIMIT - 1) ? known + countQueued() : known;
}

/** Counts the pieces that wait. */
export function countQueued(): u32 {
  let tokens: u32 = 0;
  const end = queueEnd;
  let news = region + QUEUE;
  for (let entry = news; entry < end; entry += QUEUE_ENTRY) {
    const low = load<u64>(entry);
    const high = load<u64>(entry, 8);
    const hash = load<u64>(entry, 16);
    const at = load<u32>(entry, 24);
    const count = countInShort(shortPlace(hash), low, high);
    tokens += count;
    // Of a new piece this is not true yet; it is before any piece is looked for again.
    storeRecent(hash, low, high, count);
    store<u64>(news, low);
    store<u64>(news, high, 8);
    store<u64>(news, hash, 16);
    store<u32>(news, at, 24);
    news += ((count === 0) as usize) * QUEUE_ENTRY;
  }
  tokens += countNews(news);
  queueEnd = region + QUEUE;
  return tokens;
}

/** Counts the pieces at the beginning of the queue, which were new when they were looked for. */
function countNews(end: usize): u32 {
  let tokens: u32 = 0;
  let waiting: usize = 0;
  for (let entry = region + QUEUE; entry < end; entry += QUEUE_ENTRY) {
    const low = load<u64>(entry);
    const high = load<u64>(entry, 8);
    const hash = load<u64>(entry, 16);
    // The same piece may have been new twice.
    let count = countInShort(shortPlace(hash), low, high);
    if (count === 0) {
      if (rankOfKey(low, high, hash) !== NO_RANK) count = 1;
      else if ((low | high) & NOT_ASCII) count = countMerged(load<u32>(entry, 24), lengthOf(high));
      else if (waiting === 0) {
        waiting = entry;
        continue;
      } else {
        const both = mergeTwoAscii(load<u32>(waiting, 24), lengthOf(load<u64>(waiting, 8)), load<u32>(entry, 24), lengthOf(high));
        tokens += remember(waiting, both & 0xffff);
        waiting = 0;
        count = both >> 16;
      }
    }
    tokens += remember(entry, count);
  }
  return waiting === 0 ? tokens : tokens + remember(waiting, countMerged(load<u32>(waiting, 24), lengthOf(load<u64>(waiting, 8))));
}

/** Notes the number of tokens of a queued piece in both tables, and returns it. */
@inline
function remember(entry: usize, count: u32): u32 {
  const low = load<u64>(entry);
  const high = load<u64>(entry, 8);
  const hash = load<u64>(entry, 16);
  const place = shortPlace(hash);
  store<u64>(place, load<u64>(place), 16);
  store<u64>(place, load<u64>(place, 8), 24);
  store<u64>(place, low);
  store<u64>(place, high | ((count as u64) << VALUE_SHIFT), 8);
  storeRecent(hash, low, high, count);
  return count;
}

@inline
function lengthOf(high: u64): usize {
  return (high >> LENGTH_SHIFT) as usize;
}

/** How many tokens the piece has if it is in one of two places, otherwise 0. */
@inline
function countInShort(place: usize, low: u64, high: u64): u32 {
  const first = load<u64>(place, 8);
  const second = load<u64>(place, 24);
  const notFirst = isOther(load<u64>(place), first, low, high);
  const notSecond = isOther(load<u64>(place, 16), second, low, high);
  return (
    (((first >> VALUE_SHIFT) as u32) & ((notFirst as u32) - 1)) |
    (((second >> VALUE_SHIFT) as u32) & ((notSecond as u32) - 1))
  );
}

@inline
function isOther(foundLow: u64, foundHigh: u64, low: u64, high: u64): bool {
  return ((foundLow ^ low) | ((foundHigh & KEY_MASK) ^ high)) !== 0;
}

@inline
function shortPlace(hash: u64): usize {
  return region + SHORT + ((((hash >> 28) as usize) & ((1 << SHORT_BITS) - 1)) << 5);
}

@inline
function recentPlace(hash: u64): usize {
  return region + RECENT + ((((hash >> 32) as usize) & ((1 << RECENT_BITS) - 1)) << 4);
}

@inline
function storeRecent(hash: u64, low: u64, high: u64, count: u32): void {
  const recent = recentPlace(hash);
  store<u64>(recent, low);
  store<u64>(recent, high | ((count as u64) << VALUE_SHIFT), 8);
}

function countLong(at: usize, length: usize): u32 {
  return load<u32>(HAS_BORDERS) !== 0 && i8x16.bitmask(v128.load(at)) !== 0 ? countSections(at, length) : countWhole(at, length);
}

/**
 * Counts what stands between the closed borders of a piece. A clause of Chinese or a run of emoji is seldom seen again,
 * but its sections of one to three characters are; so most are not even merged.
 */
function countSections(at: usize, length: usize): u32 {
  const end = at + length;
  let tokens: u32 = 0;
  let before = at;
  let border = at + width(at);
  while (border < end) {
    const behind = border + width(border);
    if (isClosed(before, border, behind)) {
      tokens += countSection(at, border - at);
      at = border;
    }
    before = border;
    border = behind;
  }
  return tokens + countSection(at, end - at);
}

function countSection(at: usize, length: usize): u32 {
  return length > MAX_KEY_BYTES ? countWhole(at, length) : countShort(at, length);
}

function countWhole(at: usize, length: usize): u32 {
  const hash = hashOf(at, length);
  if (length > MAX_LONG_BYTES) {
    if (rankOfLong(at, length, hash) !== NO_RANK) return 1;
    const count = countMerged(at, length);
    if (count !== NO_ROOM) return count;
    isOutOfRoom = true;
    return 0;
  }
  const entry = region + LONG + (((hash >> 28) as usize) & ((1 << LONG_BITS) - 1)) * LONG_SIZE;
  if (load<u32>(entry) === (length as u32) && isSame(entry + 8, at, length)) return load<u32>(entry, 4);
  const count = rankOfLong(at, length, hash) !== NO_RANK ? 1 : countMerged(at, length);
  store<u32>(entry, length);
  store<u32>(entry, count, 4);
  // All that there is room for: that is less work than to copy only what belongs to the piece.
  v128.store(entry, v128.load(at), 8);
  v128.store(entry, v128.load(at, 16), 24);
  v128.store(entry, v128.load(at, 32), 40);
  store<u64>(entry, load<u64>(at, 48), 56);
  return count;
}
