import { growTo, mayGrow, PAGE, region } from './region';
import { MAX_KEY_BYTES, NO_RANK, rankOf, rankOfPair, rankOfShort, solidWidth } from './vocabulary';

/*
 * Byte-pair merging, as tiktoken does it: of all neighbours that make a token together, those of the lowest rank are
 * merged, the leftmost ones first, until no neighbours make a token. Only how many parts are left is wanted.
 *
 * - Two short pieces of ASCII, as most new words are, are merged in turn.
 * - One of up to 64 bytes is merged at once, its parts being bits of a word.
 * - A longer one is merged in windows of 64 bytes that are joined where that is exact, so its time grows with its length
 *   and it needs no memory.
 * - Where windows cannot be joined, which takes tokens as long as the window (many spaces) or a vocabulary made for it,
 *   they become larger. The ranks of a large window stand in a tree of minima with 16 children a node: a merge changes
 *   three of them, and finding the next one is a walk down, so n bytes take n × log₁₆ n steps.
 */

/** The first window after that of 64 bytes. */
const WINDOW: usize = 2048;
/** How many ends of a window are tried before the piece is merged in larger windows. */
const CUTS: usize = 8;

/** In a scratch: for each byte where the next part begins, where the one before begins, and the tree. */
const BYTES_OF_SCRATCH: usize = 14;
const PADDING: usize = 512;

/** Of a short piece: the rank of each part with the next one, above the number of the part. */
const RANKS: usize = 16;
const NUMBER_BITS: u32 = 6;
const NO_KEY: u32 = NO_RANK << NUMBER_BITS;
/** Of a second piece of ASCII, and behind as many places as there are parts at most, where each part begins. */
const OTHER_RANKS: usize = RANKS + 4 * MAX_KEY_BYTES + 28;
const BEGINS: usize = RANKS + 4 * 64 + 16;

/** Pieces of as many bytes as a word has bits. */
const SHORT_LIMIT: usize = 64;
/** What stands for the scratch of a short piece: where its parts begin is in {@link shortBegins}. */
const SHORT_SCRATCH: usize = BEGINS + 4 * (SHORT_LIMIT + 1);

/** Of two tokens. */
const PAIR_SCRATCH: usize = (SHORT_SCRATCH + 63) & ~63;
const PAIR_LIMIT: usize = 512;
const WINDOW_SCRATCH: usize = PAIR_SCRATCH + PAIR_LIMIT * BYTES_OF_SCRATCH + PADDING;
/** For each cut that is tried: where it is, where the token before it begins, how many tokens are before it. */
const CUT_LIST: usize = WINDOW_SCRATCH + WINDOW * BYTES_OF_SCRATCH + PADDING;
export const MERGE_END: usize = (CUT_LIST + CUTS * 12 + 63) & ~63;

/** How many bytes were merged since the vocabulary was loaded, those of windows that were merged twice included. */
export let mergedBytes: f64 = 0;

/** Where larger windows are merged, and how large one may be there. */
let largeScratch: usize = 0;
let largeLimit: usize = 0;

/** To be called when what lies behind the text may be overwritten. */
export function forgetLargeScratch(): void {
  largeLimit = 0;
}

/** That a piece needs more memory than a region has. */
export const NO_ROOM: u32 = 0xffffffff;

/** How many tokens a piece has that is no token itself, or {@link NO_ROOM}. */
export function countMerged(at: usize, length: usize): u32 {
  if (length <= SHORT_LIMIT) return mergeShort(at, length);
  let count = countInWindows(at, length, SHORT_LIMIT);
  for (let window = WINDOW; count === 0; window *= 16) {
    if (window > WINDOW && !mayGrow) return NO_ROOM;
    count = countInWindows(at, length, window);
  }
  return count;
}

/**
 * Merges two pieces of ASCII that are no longer than keys, step by step in turn: each step waits for what the one before
 * it looked up, and meanwhile the processor can do one of the other piece.
 *
 * @returns How many tokens the first one has, and above 16 bits those of the second one.
 */
export function mergeTwoAscii(at: usize, length: usize, otherAt: usize, otherLength: usize): u32 {
  mergedBytes += (length + otherLength) as f64;
  let begins = beginAscii(region + RANKS, at, length);
  let otherBegins = beginAscii(region + OTHER_RANKS, otherAt, otherLength);
  for (;;) {
    const next = stepAscii(region + RANKS, at, begins);
    const otherNext = stepAscii(region + OTHER_RANKS, otherAt, otherBegins);
    if (next === begins && otherNext === otherBegins) break;
    begins = next;
    otherBegins = otherNext;
  }
  return (popcnt(begins) - 1) | ((popcnt(otherBegins) - 1) << 16);
}

/** Sets a bit for each byte, and one for the end, and notes the ranks of all pairs. */
@inline
function beginAscii(ranks: usize, at: usize, length: usize): u32 {
  v128.store(ranks, i32x4.splat(-1));
  v128.store(ranks, i32x4.splat(-1), 16);
  v128.store(ranks, i32x4.splat(-1), 32);
  for (let part: usize = 0; part + 1 < length; part++) storeRank(ranks, part, rankOfPair(at + part));
  return (2 << (length as u32)) - 1;
}

/**
 * Merges the two parts of the lowest rank. Returns the bits of where parts begin now; they are the same if none can be
 * merged.
 *
 * There is no branch but for that: which parts they are is hard to foresee. Behind the last part there is none, so the
 * length that is asked for is more than any key has, for which there are no masks and no token; before the first one
 * there is a place for a rank that nobody reads.
 */
@inline
function stepAscii(ranks: usize, at: usize, begins: u32): u32 {
  const lowest = lowestLane(
    i32x4.min_u(i32x4.min_u(v128.load(ranks), v128.load(ranks, 16)), v128.load(ranks, 32)),
  );
  if (lowest >= NO_KEY) return begins;
  const left = lowest & ((1 << NUMBER_BITS) - 1);
  const behind = begins & (-2 << left);
  const rest = behind & (behind - 1);
  const right = ctz(behind);
  const next = ctz(rest);
  const previous = 31 - clz(begins & ((1 << left) - 1));
  store<u32>(ranks + ((right as usize) << 2), NO_RANK);
  storeRank(ranks, left, rankOfShort(at + left, ctz(rest & (rest - 1)) - left));
  storeRank(ranks, previous, rankOfShort(at + previous, next - previous));
  return begins ^ (1 << right);
}

/** Where the parts begin that {@link mergeShort} left, by their bytes. */
let shortBegins: u64 = 0;

/**
 * Merges as many bytes as a word has bits: one is set for each part, so that the neighbours of a part are found without
 * a list, and one for the end; behind 64 parts, where no bit is left, it is found as well, because there ctz says 64.
 * The lowest rank is found by a look at all.
 */
function mergeShort(at: usize, length: usize): u32 {
  mergedBytes += length as f64;
  const list = region + BEGINS;
  const ranks = region + RANKS;
  let parts: usize = 0;
  for (let begin: usize = 0; begin < length; begin += solidWidth(at + begin, at, at + length)) {
    store<u32>(list + (parts << 2), begin);
    parts++;
  }
  store<u32>(list + (parts << 2), length);
  for (let part: usize = 0; part + 1 < parts; part++) storeRank(ranks, part, rankOfParts(at, part, part + 2));
  const end = ranks + ((parts - 1) << 2);
  v128.store(end, i32x4.splat(-1));
  let begins: u64 = parts < 64 ? (2 << (parts as u64)) - 1 : -1;
  for (;;) {
    let four = v128.load(ranks);
    for (let at = ranks + 16; at < end; at += 16) four = i32x4.min_u(four, v128.load(at));
    const lowest = lowestLane(four);
    if (lowest >= NO_KEY) break;
    const left: usize = lowest & ((1 << NUMBER_BITS) - 1);
    const behind = begins & (-2 << (left as u64));
    const rest = behind & (behind - 1);
    const right = ctz(behind);
    const next = ctz(rest) as usize;
    begins ^= 1 << right;
    store<u32>(ranks + ((right as usize) << 2), NO_RANK);
    storeRank(ranks, left, next < parts ? rankOfParts(at, left, ctz(rest & (rest - 1)) as usize) : NO_RANK);
    if (left !== 0) {
      const previous: usize = 63 - (clz(begins & ((1 << (left as u64)) - 1)) as usize);
      storeRank(ranks, previous, rankOfParts(at, previous, next));
    }
  }
  if (parts < 64) begins ^= 1 << (parts as u64);
  shortBegins = 0;
  for (let rest = begins; rest !== 0; rest &= rest - 1) {
    shortBegins |= 1 << (load<u32>(list + ((ctz(rest) as usize) << 2)) as u64);
  }
  return popcnt(begins) as u32;
}

/** The rank as a token of the parts from one to before another one. */
@inline
function rankOfParts(at: usize, from: usize, to: usize): u32 {
  const list = region + BEGINS;
  const begin: usize = load<u32>(list + (from << 2));
  const length = (load<u32>(list + (to << 2)) as usize) - begin;
  return length === 2 ? rankOfPair(at + begin) : rankOf(at + begin, length);
}

@inline
function storeRank(ranks: usize, part: usize, rank: u32): void {
  store<u32>(ranks + (part << 2), (rank << NUMBER_BITS) | (part as u32));
}

/**
 * Merges window by window. What makes it exact: tokens that follow each other are what the whole piece is merged to
 * if, and only if, each two neighbours are what those two alone are merged to. (No merge crosses a border between
 * tokens, so up to any first merge that would, both sides go the way they go alone, in the same order.) So each
 * beginning of a right result is right, and two right results may be joined where the neighbours at the border are
 * right.
 *
 * @returns 0 when no end of a window could be joined to the next one, which no real text has been seen to do.
 */
function countInWindows(at: usize, length: usize, window: usize): u32 {
  if (length < window) window = length;
  const scratch = scratchFor(window);
  let from: usize = 0;
  let count: u32 = 0;
  let size = wholeCharacters(at, window);
  let parts = merge(at, size, scratch);
  while (from + size < length) {
    // The last tokens would often be others if the window were longer, so the first cut is a few tokens before its end.
    let cuts: usize = 0;
    let cut = parts > 2 ? before(scratch, before(scratch, size)) : 0;
    for (let kept = (parts as i32) - 2; cuts < CUTS && kept > 0; kept--) {
      const start = before(scratch, cut);
      const entry = region + CUT_LIST + cuts++ * 12;
      store<u32>(entry, from + cut);
      store<u32>(entry, from + start, 4);
      store<u32>(entry, kept, 8);
      cut = start;
    }
    let isJoined = false;
    for (let tried: usize = 0; tried < cuts && !isJoined; tried++) {
      const entry = region + CUT_LIST + tried * 12;
      const border: usize = load<u32>(entry);
      const start: usize = load<u32>(entry, 4);
      size = border + window < length ? wholeCharacters(at + border, window) : length - border;
      parts = merge(at + border, size, scratch);
      if (isRight(at + start, border - start, after(scratch, 0))) {
        count += load<u32>(entry, 8);
        from = border;
        isJoined = true;
      }
    }
    if (!isJoined) return 0;
  }
  return count + parts;
}

/** How many of so many bytes belong to characters that are all there: the first bytes of one are seldom a token. */
@inline
function wholeCharacters(at: usize, length: usize): usize {
  let end = length;
  while (end + 4 > length && (load<u8>(at + end) & 0xc0) === 0x80) end--;
  return end;
}

/** Whether two neighbours are merged to just those two tokens. */
function isRight(at: usize, left: usize, right: usize): bool {
  const kept = shortBegins;
  const scratch = region + (left + right <= SHORT_LIMIT ? SHORT_SCRATCH : PAIR_SCRATCH);
  const result = merge(at, left + right, scratch) === 2 && after(scratch, 0) === left;
  shortBegins = kept;
  return result;
}

function scratchFor(window: usize): usize {
  if (window <= SHORT_LIMIT) return region + SHORT_SCRATCH;
  if (window <= WINDOW) return region + WINDOW_SCRATCH;
  if (window > largeLimit) {
    largeScratch = (memory.size() as usize) * PAGE;
    growTo(largeScratch + window * BYTES_OF_SCRATCH + PADDING);
    largeLimit = window;
  }
  return largeScratch;
}

/** Where the part behind the one at `at` begins. */
@inline
function after(scratch: usize, at: usize): usize {
  return scratch === region + SHORT_SCRATCH
    ? (ctz(shortBegins & (-2 << (at as u64))) as usize)
    : load<u32>(scratch + (at << 3));
}

/** Where the part before the one at `at` begins. */
@inline
function before(scratch: usize, at: usize): usize {
  return scratch === region + SHORT_SCRATCH
    ? 63 - (clz(shortBegins & ((-1 as u64) >> (64 - (at as u64)))) as usize)
    : load<u32>(scratch + (at << 3), 4);
}

/** Merges `length` bytes. Leaves in the scratch where the parts begin, and returns how many there are. */
function merge(at: usize, length: usize, scratch: usize): u32 {
  return scratch === region + SHORT_SCRATCH ? mergeShort(at, length) : mergeLong(at, length, scratch);
}

function mergeLong(at: usize, length: usize, scratch: usize): u32 {
  mergedBytes += length as f64;
  const leaves = (scratch + ((length + 1) << 3) + 15) & ~15;
  for (let i: usize = 0; i <= length; i++) {
    store<u32>(scratch + (i << 3), i + 1);
    store<u32>(scratch + (i << 3), i - 1, 4);
  }
  for (let i: usize = 0; i + 1 < length; i++) store<u32>(leaves + (i << 2), rankOfPair(at + i));
  store<u32>(leaves + ((length - 1) << 2), NO_RANK);
  const root = buildTree(leaves, length);

  let parts = length as u32;
  for (let rank = minimumAt(root); rank !== NO_RANK; rank = minimumAt(root)) {
    const left = find(leaves, length, rank);
    const right: usize = load<u32>(scratch + (left << 3));
    const next: usize = load<u32>(scratch + (right << 3));
    parts--;
    store<u32>(scratch + (left << 3), next);
    store<u32>(scratch + (next << 3), left, 4);
    store<u32>(leaves + (right << 2), NO_RANK);
    const end = next < length ? (load<u32>(scratch + (next << 3)) as usize) : 0;
    store<u32>(leaves + (left << 2), end !== 0 ? rankOf(at + left, end - left) : NO_RANK);
    if (left !== 0) {
      const previous: usize = load<u32>(scratch + (left << 3), 4);
      store<u32>(leaves + (previous << 2), rankOf(at + previous, next - previous));
      if (previous >> 4 !== left >> 4) update(leaves, length, previous);
    }
    update(leaves, length, left);
    if (right >> 4 !== left >> 4) update(leaves, length, right);
  }
  return parts;
}

/*
 * The tree: a level of u32 after the other from the leaves up, each filled with NO_RANK to a multiple of 16; the root
 * is the first level of 16.
 */

/** @returns Where the root is. */
function buildTree(leaves: usize, count: usize): usize {
  let level = leaves;
  let nodes = pad(level, count);
  while (nodes > 1) {
    const parents = level + (nodes << 6);
    for (let i: usize = 0; i < nodes; i++) store<u32>(parents + (i << 2), minimumAt(level + (i << 6)));
    level = parents;
    nodes = pad(level, nodes);
  }
  return level;
}

/** Fills a level to a multiple of 16. Returns how many nodes are above it. */
function pad(level: usize, count: usize): usize {
  const nodes = (count + 15) >> 4;
  for (let i = count; i < nodes << 4; i++) store<u32>(level + (i << 2), NO_RANK);
  return nodes;
}

/** Brings the minima above a leaf up to date. */
@inline
function update(leaves: usize, count: usize, leaf: usize): void {
  let level = leaves;
  for (let nodes = (count + 15) >> 4; nodes > 1; nodes = (nodes + 15) >> 4) {
    const parents = level + (nodes << 6);
    leaf >>= 4;
    store<u32>(parents + (leaf << 2), minimumAt(level + (leaf << 6)));
    level = parents;
  }
}

/** The first leaf of the rank, which is the lowest of all. */
function find(leaves: usize, count: usize, rank: u32): usize {
  if (count <= 16) return firstAt(leaves, rank);
  const nodes = (count + 15) >> 4;
  const node = find(leaves + (nodes << 6), nodes, rank);
  return (node << 4) + firstAt(leaves + (node << 6), rank);
}

/** The lowest of 16 ranks. */
@inline
function minimumAt(at: usize): u32 {
  return lowestLane(
    i32x4.min_u(
      i32x4.min_u(v128.load(at), v128.load(at, 16)),
      i32x4.min_u(v128.load(at, 32), v128.load(at, 48)),
    ),
  );
}

@inline
function lowestLane(four: v128): u32 {
  let lowest = i32x4.min_u(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
  lowest = i32x4.min_u(lowest, v128.shuffle<i32>(lowest, lowest, 1, 0, 3, 2));
  return i32x4.extract_lane(lowest, 0);
}

/** Which of 16 ranks is the first one that equals `rank`. */
@inline
function firstAt(at: usize, rank: u32): usize {
  const wanted = i32x4.splat(rank);
  const first = i16x8.narrow_i32x4_s(i32x4.eq(v128.load(at), wanted), i32x4.eq(v128.load(at, 16), wanted));
  const second = i16x8.narrow_i32x4_s(i32x4.eq(v128.load(at, 32), wanted), i32x4.eq(v128.load(at, 48), wanted));
  return ctz(i8x16.bitmask(i8x16.narrow_i16x8_s(first, second)));
}
