/** A seeded source of chance: the same seed gives the same dataset on every machine. */
export interface Random {
  /** From 0, below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Favours the front of the list as word frequencies do (Zipf): place k with a probability of about 1/k. */
  pickRanked<T>(list: readonly T[]): T;
  /** So many characters of the alphabet. */
  text(length: number, alphabet: string): string;
}

/** sfc32 by Chris Doty-Humphrey (PractRand, public domain): 128 bits of state, so even 4 GB of words never repeat it. */
export function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  // The first rounds still show the seed.
  for (let round = 0; round < 16; round += 1) next();
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    pickRanked: (list) => list[Math.floor(Math.exp(next() * Math.log(list.length + 1))) - 1]!,
    text(length, alphabet) {
      let text = '';
      for (let at = 0; at < length; at += 1) text += alphabet[Math.floor(next() * alphabet.length)];
      return text;
    },
  };
}
