/** The known word that was probably meant: at most a third of its letters differ. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** `did you mean "check"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>, prefix = ''): string | undefined {
  const meant = suggestion(word, known);
  return meant === undefined ? undefined : `did you mean ${prefix}${meant}?`;
}

function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    last = current;
  }
  return last[b.length] ?? 0;
}
