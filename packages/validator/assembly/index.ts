import { buildTables } from './build';
import { beginPieces, CACHE_END, countPiece, countQueued, isOutOfRoom } from './cache';
import { END_BYTE } from './classes';
import { forgetLargeScratch } from './merge';
import { growTo, mayGrow, PAGE, region } from './region';
import { LOOK_AHEAD, pieceEnd, reach, setPattern } from './split';
import { patternNumber } from './vocabulary';

export { mergedBytes } from './merge';
export { imageEnd } from './vocabulary';

/** Behind a text: looked at, and loaded as part of a key, but never counted. */
const MARGIN: usize = 64;
/** Where the text is in a region. */
const TEXT: usize = (CACHE_END + 63) & ~63;
/** The text that a region has room for. */
const TEXT_LIMIT: usize = 0x40000 - MARGIN;
const REGION_END: usize = (TEXT + TEXT_LIMIT + MARGIN + PAGE - 1) & ~(PAGE - 1);

/** How much of the text the last call of {@link count} counted. */
export let consumed: usize = 0;

/** How large a region is. */
export function regionSize(): usize {
  return REGION_END;
}

/** To be called once the image is in the memory and the memory reaches to the end of the region. */
export function begin(): void {
  setPattern(patternNumber());
}

/**
 * Builds the tables from a vocabulary file of so many bytes behind the region, and says by {@link imageEnd} how much of the memory is
 * the image of them.
 */
export function build(size: usize): void {
  buildTables(region + REGION_END, size);
}

/**
 * Makes room for a text of so many bytes; one that is there stays.
 *
 * @returns Where it is to be written, or 0 when the region is too small.
 */
export function reserveText(size: usize): usize {
  if (size > TEXT_LIMIT) {
    if (!mayGrow) return 0;
    growTo(region + TEXT + size + MARGIN);
    forgetLargeScratch();
  }
  return region + TEXT;
}

/**
 * Counts the tokens of a text of so many bytes.
 *
 * @param isWhole - Whether the text ends there. Otherwise the pieces at its end are left that may depend on what comes.
 * @returns -1 when it takes more memory than a region has.
 */
export function count(length: usize, isWhole: bool): i32 {
  const text = region + TEXT;
  const end = text + length;
  v128.store(end, i8x16.splat(END_BYTE));
  v128.store(end, i8x16.splat(END_BYTE), 16);
  const decided = isWhole ? end : length > LOOK_AHEAD ? end - LOOK_AHEAD : text;
  beginPieces();
  let tokens: u32 = 0;
  let at = text;
  while (at < end) {
    const next = pieceEnd(at);
    if (!isWhole && max(next, reach) >= decided) break;
    tokens += countPiece(at, next - at);
    at = next;
  }
  tokens += countQueued();
  consumed = at - text;
  return isOutOfRoom ? -1 : (tokens as i32);
}
