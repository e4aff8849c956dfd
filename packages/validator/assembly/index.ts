import { CACHE_END, countPiece } from './cache';
import { END_BYTE } from './classes';
import { LOOK_AHEAD, pieceEnd, reach } from './split';
import { forgetLargeScratch } from './merge';
import { loadVocabulary as fillTable } from './vocabulary';

export { mergedBytes } from './merge';

/** Behind a text: looked at, and loaded as part of a key, but never counted. */
const MARGIN: usize = 32;

let text: usize = 0;

/** How much of the text the last call of {@link count} counted. */
export let consumed: usize = 0;

/** Makes room for a vocabulary file of so many bytes. Returns where it is to be written. */
export function reserveVocabulary(size: usize): usize {
  growTo(CACHE_END + size);
  text = (CACHE_END + size + 63) & ~63;
  return CACHE_END;
}

/** Builds the table from the file that was written there. */
export function loadVocabulary(): void {
  fillTable(CACHE_END);
}

/** Makes room for a text of so many bytes; one that is there stays. Returns where it is to be written. */
export function reserveText(size: usize): usize {
  growTo(text + size + MARGIN);
  forgetLargeScratch();
  return text;
}

function growTo(end: usize): void {
  const missing = ((end + 0xffff) >> 16) - memory.size();
  if ((missing as i32) > 0 && memory.grow(missing as i32) < 0) unreachable();
}

/**
 * Counts the tokens of a text of so many bytes.
 *
 * @param isWhole - Whether the text ends there. Otherwise the pieces at its end are left that may depend on what comes.
 */
export function count(length: usize, isWhole: bool): u32 {
  const end = text + length;
  v128.store(end, i8x16.splat(END_BYTE));
  v128.store(end, i8x16.splat(END_BYTE), 16);
  const decided = isWhole ? end : length > LOOK_AHEAD ? end - LOOK_AHEAD : text;
  let tokens: u32 = 0;
  let at = text;
  while (at < end) {
    const next = pieceEnd(at);
    if (!isWhole && max(next, reach) >= decided) break;
    tokens += countPiece(at, next - at);
    at = next;
  }
  consumed = at - text;
  return tokens;
}
