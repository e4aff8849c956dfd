import { describe, expect, it } from 'vitest';
import { countImageTokens } from './image-tokens.js';

const data = (type: string, bytes: readonly number[]) =>
  `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
const big = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => (value >>> (8 * (bytes - 1 - index))) & 0xff);
const little = (value: number, bytes: number) => big(value, bytes).reverse();
const ascii = (text: string) => [...Buffer.from(text, 'latin1')];
const zeros = (count: number) => Array.from({ length: count }, () => 0);

const png = (width: number, height: number) =>
  data('png', [
    ...ascii('\x89PNG\r\n\x1a\n'),
    ...big(13, 4),
    ...ascii('IHDR'),
    ...big(width, 4),
    ...big(height, 4),
    8,
    2,
    0,
    0,
    0,
  ]);

describe('the tokens of an image', () => {
  it.each([
    ['low', 4096, 8192, 85],
    ['high', 1024, 1024, 765],
    ['high', 2048, 4096, 1105],
    ['high', 512, 512, 255],
    ['high', 1, 1, 255],
    ['high', 513, 512, 425],
    ['high', 1, 100_000, 85 + 170 * 4],
    ['auto', 1024, 1024, 765],
    [undefined, 2048, 4096, 1105],
  ])('at detail %s of %i by %i are those that the provider says', (detail, width, height, tokens) => {
    expect(countImageTokens(png(width, height), detail)).toBe(tokens);
  });

  it.each([
    [
      'JPEG',
      data('jpeg', [
        0xff,
        0xd8,
        0xff,
        0xe0,
        0,
        4,
        0,
        0,
        0xff,
        0xc2,
        0,
        17,
        8,
        ...big(4096, 2),
        ...big(2048, 2),
        3,
        ...zeros(9),
      ]),
    ],
    ['GIF', data('gif', [...ascii('GIF89a'), ...little(2048, 2), ...little(4096, 2), 0, 0, 0])],
    [
      'lossy WEBP',
      data('webp', [
        ...ascii('RIFF'),
        ...zeros(4),
        ...ascii('WEBPVP8 '),
        ...zeros(10),
        ...little(2048, 2),
        ...little(4096, 2),
      ]),
    ],
    [
      'lossless WEBP',
      data('webp', [
        ...ascii('RIFF'),
        ...zeros(4),
        ...ascii('WEBPVP8L'),
        ...zeros(4),
        0x2f,
        ...little(2047 | (4095 << 14), 4),
      ]),
    ],
    [
      'extended WEBP',
      data('webp', [
        ...ascii('RIFF'),
        ...zeros(4),
        ...ascii('WEBPVP8X'),
        ...zeros(8),
        ...little(2047, 3),
        ...little(4095, 3),
      ]),
    ],
  ])('of a %s go by the size in its header', (_, url) => {
    expect(countImageTokens(url, 'high')).toBe(1105);
  });

  it.each([
    ['a link', 'https://example.com/a.png'],
    ['no URL', undefined],
    ['an image that is cut off', png(10, 10).slice(0, 50)],
    ['something else', 'data:image/png;base64,AAAA'],
    ['an image without a size', png(0, 0)],
  ])('of %s are those of 1024 by 1024 pixels', (_, url) => {
    expect(countImageTokens(url, 'high')).toBe(765);
    expect(countImageTokens(url, 'low')).toBe(85);
  });
});
