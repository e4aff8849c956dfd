import type { TokenStatistics } from '../report.js';

/**
 * The token counts of examples, as plain JSON. Merging two of them loses nothing: percentiles of the merged one are
 * exactly those of all examples together.
 */
export interface TokenHistogram {
  /** Tokens of all examples. */
  readonly total: number;
  /** Tokens that are trained on. */
  readonly trained: number;
  /** How many examples have so many tokens, in ascending order of these. */
  readonly examples: readonly (readonly [tokens: number, times: number])[];
}

/** Collects token counts of examples. */
export interface TokenCollector {
  add(total: number, trained: number): void;
  /** Adds what another collector collected. In which order, and in how many steps, makes no difference. */
  merge(histogram: TokenHistogram): void;
  histogram(): TokenHistogram;
  /** @returns `undefined` when nothing was added. */
  statistics(encoding: string): TokenStatistics | undefined;
}

/**
 * Collects exact distributions: one counter for each different number of tokens. The memory is bounded by the tokens,
 * not by the examples: n different numbers take examples of n²/2 tokens together, so a dataset of 4 GB, a thousand
 * million tokens, has 45,000 at most.
 */
export function createTokenCollector(): TokenCollector {
  const byCount = new Map<number, number>();
  let examples = 0;
  let total = 0;
  let trained = 0;
  const sorted = () => [...byCount].sort(([a], [b]) => a - b);
  const tally = (count: number, times: number) => {
    byCount.set(count, (byCount.get(count) ?? 0) + times);
    examples += times;
  };
  return {
    add(count, trainedCount) {
      tally(count, 1);
      total += count;
      trained += trainedCount;
    },
    merge(histogram) {
      for (const [count, times] of histogram.examples) tally(count, times);
      total += histogram.total;
      trained += histogram.trained;
    },
    histogram: () => ({ total, trained, examples: sorted() }),
    statistics(encoding) {
      if (examples === 0) return undefined;
      const counts = sorted();
      const perExample = {
        min: counts[0]![0],
        mean: Math.round((total / examples) * 10) / 10,
        p50: nearestRank(counts, 0.5 * examples),
        p95: nearestRank(counts, 0.95 * examples),
        max: counts.at(-1)![0],
      };
      return { encoding, total, trained, perExample, examples, isEstimate: true };
    },
  };
}

/** The smallest number of tokens that so many examples do not exceed. */
function nearestRank(counts: TokenHistogram['examples'], rank: number): number {
  let rest = Math.ceil(rank);
  for (const [count, times] of counts) {
    rest -= times;
    if (rest <= 0) return count;
  }
  return counts.at(-1)![0];
}
