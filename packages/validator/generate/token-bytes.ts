/*
 * Tokens as the generator looks at them: strings of as many characters as they have bytes, which can be keys of a map.
 */

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** The tokens with their ranks, in their order. */
export function ranksOf(tokens: readonly (Uint8Array | undefined)[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const [rank, token] of tokens.entries()) if (token !== undefined) ranks.set(latin1(token), rank);
  return ranks;
}

/** Merges bytes as tiktoken does, the slow way. @param highest - Merges of a higher rank are not done. */
export function mergeByRank(
  bytes: string,
  ranks: ReadonlyMap<string, number>,
  highest = Number.POSITIVE_INFINITY,
): readonly string[] {
  const parts = [...bytes];
  while (parts.length > 1) {
    let lowest = Number.POSITIVE_INFINITY;
    let at = -1;
    for (let left = 0; left + 1 < parts.length; left += 1) {
      const rank = ranks.get(parts[left]! + parts[left + 1]!) ?? Number.POSITIVE_INFINITY;
      if (rank < lowest) {
        lowest = rank;
        at = left;
      }
    }
    if (at === -1 || lowest > highest) break;
    parts.splice(at, 2, parts[at]! + parts[at + 1]!);
  }
  return parts;
}

export function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** How many bytes the character has that begins with this byte. */
export function characterWidth(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
