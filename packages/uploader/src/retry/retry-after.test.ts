import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from './retry-after.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');

describe('G8: how long a server asks to be left alone', () => {
  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': ' 1.5 ' }, 1500],
    [{ 'retry-after': '1e9' }, 1e12],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after-ms': '0', 'x-ms-retry-after-ms': '300', 'retry-after': '9' }, 300],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sunday, 22-Nov-26 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sun Nov 22 10:00:30 2026' }, 30_000],
    [{ 'retry-after': 'Sun Nov  1 10:00:30 2026', date: 'Sun Nov  1 10:00:00 2026' }, 30_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT', date: 'Mon, 23 Nov 2026 10:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT', date: 'rubbish' }, 30_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, null],
    [{ 'retry-after': '0' }, null],
    [{ 'retry-after': '-3' }, null],
    [{ 'retry-after': 'abc' }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': '5, 60, 6' }, 60_000],
    [{ 'retry-after': '5, soon' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{}, null],
  ])('%j is %j ms', (headers, ms) => {
    expect(parseRetryAfter(headers, NOW)).toBe(ms);
  });
});
