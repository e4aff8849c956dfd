import { expect, it } from 'vitest';
import { formatBytes, groupDigits } from './byte-size.js';

it.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [536_870_912, '536,870,912'],
  [50_100_000_000, '50,100,000,000'],
])('groups the digits of %i', (value, text) => {
  expect(groupDigits(value)).toBe(text);
});

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [12_345_678, '12.3 MB'],
  [67_108_864, '67.1 MB'],
  [536_870_912, '536.9 MB'],
  [50_100_000_000, '50.1 GB'],
  [2_500_000_000_000_000, '2500.0 TB'],
])('writes %i bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
