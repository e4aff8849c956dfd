import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput } from './output.js';

test('writing waits for a slow reader', async () => {
  const callbacks: (() => void)[] = [];
  const slow = new Writable({
    highWaterMark: 4,
    write: (_chunk, _encoding, callback) => void callbacks.push(callback),
  });
  const output = createOutput(slow, 'out');
  let isDone = false;
  const written = output.write('longer than four').then(() => {
    isDone = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDone).toBe(false);
  callbacks.shift()?.();
  await written;
  expect(isDone).toBe(true);
});

test('a reader that has gone away is no error', async () => {
  const gone = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, callback) => callback(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  });
  const output = createOutput(gone, 'out');
  await output.write('first');
  await output.write('second');
  await output.flush();
});

test('a disk that is full is an error', async () => {
  const full = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, callback) => callback(Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
  });
  const output = createOutput(full, 'out');
  await expect(output.write('first').then(() => output.write('second'))).rejects.toThrow(
    'cannot write out: no space left',
  );
});

test('however often writing waits, no listener is left behind', async () => {
  const slow = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, callback) => void setImmediate(callback),
  });
  const output = createOutput(slow, 'out');
  const before = slow.eventNames().map((name) => slow.listenerCount(name));
  for (let time = 0; time < 20; time += 1) await output.write('more than one');
  expect(slow.eventNames().map((name) => slow.listenerCount(name))).toEqual(before);
});
