import { expect, test } from 'vitest';
import { createInterruption } from './interruption.js';

test('the first Ctrl-C asks, its echo changes nothing, a second one ends the process', () => {
  let time = 0;
  let exits = 0;
  const { signal, interrupt } = createInterruption({ now: () => time, exit: () => exits++ });
  expect(signal.aborted).toBe(false);
  interrupt();
  expect({ aborted: signal.aborted, exits }).toEqual({ aborted: true, exits: 0 });
  time = 299;
  interrupt();
  expect(exits).toBe(0);
  time = 300;
  interrupt();
  expect(exits).toBe(1);
});
