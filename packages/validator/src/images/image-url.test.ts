import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteOfDataUrl, type ImageUrl, readImageUrl } from './image-url.js';

const data = (url: string): ImageUrl & { kind: 'data' } => {
  const read = readImageUrl(url);
  if (read.kind !== 'data') throw new Error(`${url} is ${JSON.stringify(read)}`);
  return read;
};

test('every byte of a data URL, and no more, can be read by itself', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const url = `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
      const read = data(url);
      expect(read.bytes).toBe(bytes.length);
      expect([...bytes.keys()].map((offset) => byteOfDataUrl(url, read, offset))).toEqual([...bytes]);
      expect(byteOfDataUrl(url, read, bytes.length)).toBe(-1);
    }),
    { seed: 1 },
  );
});

test('what Node reads strictly as base64 is taken, and nothing else', () => {
  const characters = fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '_', '\n', ' ', '%', 'ü');
  fc.assert(
    fc.property(fc.array(characters, { minLength: 1, maxLength: 9 }), (list) => {
      const base64 = list.join('');
      const isExact = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64);
      expect(readImageUrl(`data:image/png;base64,${base64}`).kind).toBe(isExact ? 'data' : 'broken');
    }),
    { seed: 2, numRuns: 2000 },
  );
});

test('any text at all is a link, data or broken', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(['link', 'data', 'broken']).toContain(readImageUrl(text).kind);
      expect(['data', 'broken']).toContain(readImageUrl(`data:image/${text}`).kind);
    }),
    { seed: 3 },
  );
});

test('the media type is told in lower case, and parameters may stand before "base64"', () => {
  expect(data('DATA:Image/PNG;name=x;BASE64,AAAA')).toEqual({ kind: 'data', type: 'image/png', start: 29, bytes: 3 });
});

test('a comma that comes very late is none of a data URL', () => {
  expect(readImageUrl(`data:image/png;${'x'.repeat(1000)};base64,AAAA`)).toEqual({ kind: 'broken', fault: 'no-data' });
});
