import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOverflowFiles } from './overflow-files.js';

it('gives all that share a fingerprint, in the order in which they came, whatever came between', () => {
  const entry = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 400, size: 'max' }), fc.constantFrom(2, 4), (entries, words) => {
      const room = createOverflowFiles(0);
      const overflow = room.open(words, 2);
      const expected = new Map<string, number[][]>();
      for (const [index, [first, last]] of entries.entries()) {
        const key = new Uint32Array(8);
        // Beside its place in the array, so that a wrong one is seen.
        key[1] = first * 100_000_000;
        key[words] = last;
        overflow.add({ words: key, at: 1 }, [index, index / 2]);
        const name = `${first} ${last}`;
        expected.set(name, [...(expected.get(name) ?? []), [index, index / 2]]);
      }
      const groups = [...overflow.groups()].map((group) => group.map((numbers) => [...numbers]));
      room.close();
      const byFirst = (a: number[][], b: number[][]) => a[0]![0]! - b[0]![0]!;
      expect(groups.sort(byFirst)).toEqual([...expected.values()].filter(({ length }) => length > 1).sort(byFirst));
    }),
    { numRuns: 40, seed: 20_261_125 },
  );
});

it('keeps more than a buffer', () => {
  const room = createOverflowFiles(0);
  const overflow = room.open(2, 1);
  for (let index = 0; index < 20_000; index += 1) {
    overflow.add({ words: Uint32Array.of(256 * (index % 10_000), 7), at: 0 }, [index]);
  }
  const groups = [...overflow.groups()];
  expect(groups).toHaveLength(10_000);
  expect(groups.every(([a, b]) => a![0]! + 10_000 === b![0])).toBe(true);
  room.close();
});
