import type { TokenStatistics } from '../report.js';

/** Collects token counts of examples. */
export interface TokenCollector {
  add(total: number, trained: number): void;
  /** Takes in what another collector has counted. */
  join(counts: TokenCounts): void;
  /** What has been counted, as plain data. */
  counts(): TokenCounts;
  /** @returns `undefined` when nothing was added. */
  statistics(encoding: string): TokenStatistics | undefined;
}

/** Token counts of examples: enough to tell any distribution exactly, small at any number of examples. */
export interface TokenCounts {
  /** How many examples have how many tokens, in ascending order. */
  readonly byCount: readonly (readonly [tokens: number, examples: number])[];
  /** Tokens that are trained on. */
  readonly trained: number;
}

/**
 * Collects exact distributions: one counter for each different number of tokens. The memory is bounded by the tokens,
 * not by the examples: n different numbers take examples of n²/2 tokens together, so a dataset of 4 GB, a thousand
 * million tokens, has 45,000 of them at most.
 */
export function createTokenCollector(): TokenCollector {
  const byCount = new Map<number, number>();
  let examples = 0;
  let total = 0;
  let trained = 0;
  return {
    add(count, trainedCount) {
      byCount.set(count, (byCount.get(count) ?? 0) + 1);
      examples += 1;
      total += count;
      trained += trainedCount;
    },
    join(counts) {
      for (const [count, times] of counts.byCount) {
        byCount.set(count, (byCount.get(count) ?? 0) + times);
        examples += times;
        total += count * times;
      }
      trained += counts.trained;
    },
    counts: () => ({ byCount: [...byCount].sort(([a], [b]) => a - b), trained }),
    statistics(encoding) {
      if (examples === 0) return undefined;
      const sorted = [...byCount].sort(([a], [b]) => a - b);
      const nearestRank = (share: number): number => {
        let rest = Math.ceil(share * examples);
        for (const [count, times] of sorted) {
          rest -= times;
          if (rest <= 0) return count;
        }
        return sorted.at(-1)![0];
      };
      const perExample = {
        min: sorted[0]![0],
        mean: Math.round((total / examples) * 10) / 10,
        p50: nearestRank(0.5),
        p95: nearestRank(0.95),
        max: sorted.at(-1)![0],
      };
      return { encoding, total, trained, perExample, examples, isEstimate: true };
    },
  };
}
