import { characterWidth, isContinuation, latin1, mergeByRank, ranksOf } from './token-bytes.js';

/** Emoji are in the second plane; beyond it, hardly any character is a token. */
const LIMIT = 0x20000;

/** What lets the engine begin to merge with characters where tiktoken begins with bytes. */
export interface SolidCharacters {
  /** Of the planes that the engine has bits for. */
  readonly codePoints: readonly number[];
  /** The two bytes beside a border between characters, as they are read: the second one in the high byte. */
  readonly openBorders: readonly number[];
}

/**
 * Finds the characters that may be taken as one part from the start with the same result.
 *
 * A character is solid when it is a token, when its bytes alone are merged to that token by ranks that are not above
 * its own, and when all tokens that hold it whole have a higher rank. A border is open when some token goes across it
 * and begins or ends within one of the characters beside it. Between borders that are not open, the bytes of a solid
 * character can only be merged with each other. And before anything is merged that needs the whole character, they are:
 * such a token has a higher rank than all steps that are still to be done in it. So the other merges, and their order,
 * are those of merging byte by byte.
 */
export function findSolidCharacters(tokens: readonly (Uint8Array | undefined)[]): SolidCharacters {
  const ranks = ranksOf(tokens);

  const solid = new Map<string, number>();
  for (let codePoint = 0x80; codePoint < LIMIT; codePoint += 1) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
    const bytes = latin1(Buffer.from(String.fromCodePoint(codePoint)));
    const rank = ranks.get(bytes);
    if (rank !== undefined && mergeByRank(bytes, ranks, rank).length === 1) solid.set(bytes, codePoint);
  }

  const openBorders = new Set<number>();
  for (const [text, rank] of ranks) {
    for (const character of charactersOf(text)) {
      if (character !== text && (ranks.get(character) ?? 0) > rank) solid.delete(character);
    }
    for (const border of openBordersOf(text)) openBorders.add(border);
  }
  return { codePoints: [...solid.values()], openBorders: [...openBorders] };
}

/** The whole characters beyond ASCII in a token, which may begin or end within one. */
function* charactersOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    const width = characterWidth(text.charCodeAt(at));
    if (width > 1 && at + width <= text.length) yield text.slice(at, at + width);
  }
}

/** The first border of a token that begins within a character, and the last one of a token that ends within one. */
function* openBordersOf(text: string): Generator<number> {
  const border = (at: number) => text.charCodeAt(at - 1) | (text.charCodeAt(at) << 8);
  let first = 0;
  while (first < text.length && isContinuation(text.charCodeAt(first))) first += 1;
  if (first > 0 && first < text.length) yield border(first);
  let last = text.length - 1;
  while (last >= 0 && isContinuation(text.charCodeAt(last))) last -= 1;
  if (last > 0 && last + characterWidth(text.charCodeAt(last)) > text.length) yield border(last);
}
