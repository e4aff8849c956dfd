import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTokenCollector, type TokenCounts } from './statistics.js';

fc.configureGlobal({ seed: 20_261_122 });

const counts = fc.array(fc.tuple(fc.oneof(fc.nat(5), fc.nat(100_000)), fc.nat(1_000)), {
  minLength: 1,
  maxLength: 300,
});

function collect(examples: readonly (readonly [total: number, trained: number])[]) {
  const collector = createTokenCollector();
  for (const [total, trained] of examples) collector.add(total, trained);
  return collector.statistics('o200k_base');
}

it('finds the percentiles that sorting finds', () => {
  fc.assert(
    fc.property(counts, (examples) => {
      const sorted = examples.map(([total]) => total).sort((a, b) => a - b);
      const sum = sorted.reduce((a, b) => a + b, 0);
      // Nearest rank: the smallest value that at least so large a share does not exceed.
      const percentile = (share: number) =>
        sorted.find((value) => sorted.filter((other) => other <= value).length >= share * sorted.length);
      const statistics = collect(examples)!;
      expect(statistics).toEqual(
        expect.objectContaining({
          encoding: 'o200k_base',
          examples: examples.length,
          total: sum,
          trained: examples.reduce((all, [, trained]) => all + trained, 0),
        }),
      );
      const { mean, ...rest } = statistics.perExample;
      expect(rest).toEqual({
        min: sorted[0],
        p50: percentile(0.5),
        p95: percentile(0.95),
        max: sorted.at(-1),
      });
      expect(mean).toBeCloseTo(sum / sorted.length, 0);
      expect(Math.abs(mean - sum / sorted.length)).toBeLessThanOrEqual(0.05 + 1e-9);
    }),
  );
});

it('does not depend on the order of the examples', () => {
  fc.assert(
    fc.property(counts, (examples) => {
      expect(collect([...examples].reverse())).toEqual(collect(examples));
    }),
  );
});

it.each([
  ['one example', [7], { min: 7, mean: 7, p50: 7, p95: 7, max: 7 }],
  ['two examples', [10, 20], { min: 10, mean: 15, p50: 10, p95: 20, max: 20 }],
  [
    'twenty examples',
    Array.from({ length: 20 }, (_, index) => index + 1),
    { min: 1, mean: 10.5, p50: 10, p95: 19, max: 20 },
  ],
])('takes the nearest rank of %s', (_, totals, expected) => {
  expect(collect(totals.map((total) => [total, 0] as const))?.perExample).toEqual(expected);
});

it('says nothing where nothing was counted', () => {
  expect(collect([])).toBeUndefined();
});

it('loses nothing by merging, in whatever order and through JSON', () => {
  const merged = (histograms: readonly TokenCounts[]) => {
    const collector = createTokenCollector();
    for (const histogram of histograms) collector.join(JSON.parse(JSON.stringify(histogram)) as TokenCounts);
    return collector;
  };
  const histogramOf = (examples: readonly (readonly [number, number])[]) => {
    const collector = createTokenCollector();
    for (const [total, trained] of examples) collector.add(total, trained);
    return collector.counts();
  };
  fc.assert(
    fc.property(counts, counts, counts, (first, second, third) => {
      const all = [...first, ...second, ...third];
      const [a, b, c] = [first, second, third].map(histogramOf) as [TokenCounts, TokenCounts, TokenCounts];
      const left = merged([merged([a, b]).counts(), c]);
      expect(left.statistics('o200k_base')).toEqual(collect(all));
      expect(left.counts()).toEqual(histogramOf(all));
      expect(merged([a, merged([c, b]).counts()]).counts()).toEqual(left.counts());
    }),
  );
});
