import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readImageHeader } from './image-header.js';

const read = (bytes: Uint8Array) => readImageHeader((offset) => bytes[offset] ?? -1);

const segment = (marker: number, length: number) => [
  0xff,
  marker,
  length >> 8,
  length & 0xff,
  ...Array(length - 2).fill(1),
];
const frame = (marker: number, components: number) => [0xff, marker, 0, 17, 8, 0, 2, 0, 2, components];
const jpeg = (...parts: number[][]) => Uint8Array.from([0xff, 0xd8, ...parts.flat()]);
const png = (colourType: number) =>
  Uint8Array.from([...Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08', 'latin1'), colourType]);

test.each([
  [0, 'greyscale'],
  [2, 'RGB'],
  [3, 'palette'],
  [4, 'greyscale with alpha'],
  [6, 'RGBA'],
] as const)('a PNG of colour type %i is %s', (type, colour) => {
  expect(read(png(type))).toEqual({ kind: 'PNG', colour });
});

test.each([
  [1, 'greyscale'],
  [3, 'RGB'],
  [4, 'CMYK'],
] as const)('a JPEG with %i components is %s, baseline and progressive', (components, colour) => {
  for (const marker of [0xc0, 0xc1, 0xc2, 0xcf]) {
    expect(read(jpeg(segment(0xe0, 16), segment(0xdb, 67), frame(marker, components)))).toEqual({
      kind: 'JPEG',
      colour,
    });
  }
});

test('tables that look like frames are passed over, and so is a thumbnail inside a segment', () => {
  const thumbnail = [0xff, 0xe1, 0, 20, 0xff, 0xd8, ...frame(0xc0, 4), ...Array(6).fill(0)];
  const tables = [segment(0xc4, 20), segment(0xc8, 9), segment(0xcc, 5)];
  expect(read(jpeg(thumbnail, ...tables, frame(0xc0, 3)))).toEqual({ kind: 'JPEG', colour: 'RGB' });
});

test('fill bytes before a marker are passed over', () => {
  expect(read(jpeg([0xff, 0xff, 0xff], frame(0xc0, 3)))).toEqual({ kind: 'JPEG', colour: 'RGB' });
});

test('a JPEG without a frame before its scan, or cut short, has no colours that are known', () => {
  expect(read(jpeg(segment(0xe0, 16), segment(0xda, 8), frame(0xc0, 4)))).toEqual({ kind: 'JPEG' });
  expect(read(jpeg(segment(0xe0, 16)))).toEqual({ kind: 'JPEG' });
  expect(read(jpeg([0xff, 0xe0, 0, 0]))).toEqual({ kind: 'JPEG' });
});

test('bytes of no image are none', () => {
  expect(read(new Uint8Array())).toBeUndefined();
  expect(read(Buffer.from('RIFF1234WAVE'))).toBeUndefined();
  expect(read(Buffer.from('RIFF1234WEBPVP8 '))).toEqual({ kind: 'WEBP' });
});

test('no bytes make it throw or run on', () => {
  const start = fc.constantFrom([], [0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (magic, rest) => {
      read(Uint8Array.from([...magic, ...rest]));
    }),
    { seed: 4 },
  );
  expect(read(Uint8Array.from([0xff, 0xd8, ...Array(100_000).fill(0xff)]))).toEqual({ kind: 'JPEG' });
});
