import { expect, it } from 'vitest';
import { defaultEpochs } from './epochs.js';

it.each([
  [0, undefined],
  [1, 25],
  [3, 25],
  [4, 25],
  [5, 20],
  [10, 10],
  [33, 3],
  [34, 3],
  [100, 3],
  [8_333, 3],
  [8_334, 2],
  [12_500, 2],
  [12_501, 1],
  [25_000, 1],
  [25_001, 1],
  [1_000_000, 1],
])('trains on %i examples for %s epochs', (examples, epochs) => {
  expect(defaultEpochs(examples)).toBe(epochs);
});

it('trains for fewer epochs the more examples there are, never for less than one or more than 25', () => {
  let last = 25;
  for (let examples = 1; examples <= 60_000; examples += 1) {
    const epochs = defaultEpochs(examples)!;
    if (epochs > last || epochs < 1) expect.unreachable(`${examples} examples: ${epochs} epochs after ${last}`);
    last = epochs;
  }
});
