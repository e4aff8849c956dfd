import { expect, test } from 'vitest';
import { createCheckProgressText } from './check-progress.js';

function at(milliseconds: number, state: Parameters<ReturnType<typeof createCheckProgressText>>[0], path = 'a.jsonl') {
  let now = 5_000;
  const text = createCheckProgressText(path, () => now);
  now += milliseconds;
  return text(state);
}

test('says how much of the file has been read, how fast, and how long the rest will take', () => {
  const state = { bytes: 61_000_000, totalBytes: 100_000_000, examples: 84_120, errors: 1 };
  expect(at(2_000, state)).toBe('checking a.jsonl  61%  30.5 MB/s  0:02 left  84,120 examples  1 error');
});

test('says hours where there are some', () => {
  const state = { bytes: 1e9, totalBytes: 1e12, examples: 1, errors: 0 };
  expect(at(10_000, state)).toContain('  2:46:30 left  1 example  0 errors');
});

test('names no rate before there is one', () => {
  expect(at(300, { bytes: 10, totalBytes: 100, examples: 2, errors: 0 })).toBe(
    'checking a.jsonl  10%  2 examples  0 errors',
  );
});

test('of a stream says what was read: nobody knows how long it is', () => {
  expect(at(4_000, { bytes: 8_000_000, examples: 3, errors: 0 }, '-')).toBe(
    'checking standard input  8.0 MB  2.0 MB/s  3 examples  0 errors',
  );
});

test('never says more than the whole, of a file that has grown', () => {
  const state = { bytes: 120, totalBytes: 100, examples: 1, errors: 0 };
  expect(at(2_000, state)).toContain('  100%  0.0 MB/s  0:00 left');
});
