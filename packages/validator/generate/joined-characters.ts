import { characterWidth, isContinuation, mergeByRank, ranksOf } from './token-bytes.js';

/** The longest two characters. */
const PAIR_BYTES = 8;

/**
 * Finds each two characters, not both of ASCII, that stand side by side in some token.
 *
 * Between two others, where no open border is either (see `solid-characters.ts`), no token goes across: nothing is
 * merged across it, so a piece may be cut there, and what its sections are merged to is what the piece is merged to.
 * A section is counted as a piece is, that is, as one token if it is one. So all tokens have to be what their bytes are
 * merged to.
 *
 * @returns Their bytes, filled with zeros to eight; `undefined` if some token is not what its bytes are merged to.
 */
export function findJoinedCharacters(tokens: readonly (Uint8Array | undefined)[]): readonly Uint8Array[] | undefined {
  const ranks = ranksOf(tokens);
  const pairs = new Set<string>();
  for (const token of ranks.keys()) {
    if (mergeByRank(token, ranks).length > 1) return undefined;
    for (const pair of pairsOf(token)) pairs.add(pair);
  }
  return [...pairs].map((pair) => Buffer.from(pair.padEnd(PAIR_BYTES, '\0'), 'latin1'));
}

/** Only whole characters: where a token begins or ends within one, the border beside it is open. */
function* pairsOf(token: string): Generator<string> {
  let at = 0;
  while (at < token.length && isContinuation(token.charCodeAt(at))) at += 1;
  while (at < token.length) {
    const border = at + characterWidth(token.charCodeAt(at));
    if (border >= token.length) return;
    const behind = border + characterWidth(token.charCodeAt(border));
    if (behind > token.length) return;
    if (behind - at > 2) yield token.slice(at, behind);
    at = border;
  }
}
