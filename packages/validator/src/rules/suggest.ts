/**
 * The known word that was probably meant, if one is near enough.
 *
 * @param word - What was written.
 * @param known - What could have been meant; the first of equally near ones wins.
 * @param aliases - Other names for known words, in lower case.
 */
export function suggest(
  word: string,
  known: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): string | undefined {
  if (word.length > 64) return undefined;
  const lower = word.trim().toLowerCase();
  const alias = Object.hasOwn(aliases, lower) ? aliases[lower] : undefined;
  if (alias !== undefined && known.includes(alias)) return alias;
  let best: string | undefined;
  // A third of the letters may differ: "assistent" is "assistant", but "cat" is not "dog".
  let bestDistance = Math.max(1, Math.floor(lower.length / 3)) + 1;
  for (const candidate of known) {
    // So many letters must at least be put in or left out.
    if (Math.abs(candidate.length - lower.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** More than the letters of a word and of the longest one that is near it. */
const MAX_LETTERS = 128;
/** Three lines of the table of distances, for all words: a file may have a wrong key in every line. */
const rows = [new Uint8Array(MAX_LETTERS), new Uint8Array(MAX_LETTERS), new Uint8Array(MAX_LETTERS)] as const;

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let [beforeLast, last, current] = rows as readonly Uint8Array[] as [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= b.length; j += 1) last[j] = j;
  for (let i = 1; i <= a.length; i += 1) {
    const code = a.charCodeAt(i - 1);
    const codeBefore = i > 1 ? a.charCodeAt(i - 2) : -1;
    current[0] = i;
    for (let j = 1; j <= b.length; j += 1) {
      const other = b.charCodeAt(j - 1);
      let distance = Math.min(last[j]! + 1, current[j - 1]! + 1, last[j - 1]! + (code === other ? 0 : 1));
      if (j > 1 && codeBefore === other && code === b.charCodeAt(j - 2))
        distance = Math.min(distance, beforeLast[j - 2]! + 1);
      current[j] = distance;
    }
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return last[b.length]!;
}
