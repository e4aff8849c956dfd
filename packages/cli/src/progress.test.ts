import { expect, test } from 'vitest';
import { createProgress, progressMode } from './progress.js';

function recorder() {
  const written: string[] = [];
  return { written, isTTY: true, write: async (text: string) => void written.push(text), flush: async () => {} };
}

test('a line is rewritten at most ten times a second and leaves nothing behind', async () => {
  const output = recorder();
  let now = 0;
  const progress = createProgress(output, 'line', () => now);
  for (let step = 0; step < 1000; step += 1) {
    now = step;
    progress.update(() => `${step}`);
  }
  expect(output.written).toEqual(
    [100, 200, 300, 400, 500, 600, 700, 800, 900].map((step) => `\r\u001b[2K\u001b[?7l${step}\u001b[?7h`),
  );
  await progress.clear();
  expect(output.written.at(-1)).toBe('\r\u001b[2K');
  await progress.clear();
  expect(output.written).toHaveLength(10);
});

test('a line that is too long for the terminal is cut: a second one would stay', () => {
  const output = { ...recorder(), columns: 20 };
  let now = 0;
  const progress = createProgress(output, 'line', () => now);
  now = 100;
  progress.update(() => 'checking train.jsonl  61%');
  expect(output.written).toEqual(['\r\u001b[2K\u001b[?7lchecking train.jso…\u001b[?7h']);
});

test.each(['line', 'log'] as const)('a %s that cannot be written ends nothing', async (mode) => {
  const full = async () => {
    throw new Error('no space left');
  };
  let now = 0;
  const progress = createProgress({ ...recorder(), write: full }, mode, () => now);
  now = 5_000;
  progress.update(() => 'x');
  await expect(progress.clear()).resolves.toBeUndefined();
});

test('what is done at once shows no progress', async () => {
  const output = recorder();
  const progress = createProgress(output, 'line', () => 0);
  progress.update(() => 'x');
  await progress.clear();
  expect(output.written).toEqual([]);
});

test('a log gets whole lines, and few', () => {
  const output = recorder();
  let now = 0;
  const progress = createProgress(output, 'log', () => now);
  for (now = 0; now <= 10_000; now += 10) progress.update(() => `${now}`);
  expect(output.written).toEqual(['5000\n', '10000\n']);
});

test.each([
  [{}, true, 'line'],
  [{}, false, 'off'],
  [{ progress: true }, false, 'log'],
  [{ 'no-progress': true }, true, 'off'],
  [{ quiet: true }, true, 'off'],
] as const)('%j with a terminal: %s gives %s', (flags, isTTY, mode) => {
  expect(progressMode(flags, {}, { isTTY })).toBe(mode);
});

test('a dumb terminal, which cannot take a line away, gets a log, and that only when asked', () => {
  expect(progressMode({}, { TERM: 'dumb' }, { isTTY: true })).toBe('off');
  expect(progressMode({ progress: true }, { TERM: 'dumb' }, { isTTY: true })).toBe('log');
});
