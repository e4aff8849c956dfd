import type { TokenStatistics } from '../report.js';

/** Collects token counts of examples. */
export interface TokenCollector {
  add(total: number, trained: number): void;
  /** @returns `undefined` when nothing was added. */
  statistics(encoding: string): TokenStatistics | undefined;
}

/**
 * Collects exact distributions: one counter for each different number of tokens. Examples have few different lengths,
 * and none longer than a line allows, so this stays small at any number of examples.
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
