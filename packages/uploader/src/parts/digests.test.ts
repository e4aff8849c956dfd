import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPartDigester } from './digests.js';

const digestOf = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest('hex');

it('one reading gives the digest of every part and the MD5 of the whole, however the chunks fall', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 250 }), fc.integer({ min: 1, max: 90 }), (content, partSize, step) => {
      const digester = createPartDigester(content.length, partSize);
      for (let at = 0; at < content.length; at += step) digester.update(content.subarray(at, at + step));
      const { md5, ranges } = digester.end();
      expect(md5).toBe(digestOf('md5', content));
      for (const { offset, length, sha256 } of ranges) {
        expect(sha256).toBe(digestOf('sha256', content.subarray(offset, offset + length)));
      }
      expect(ranges.reduce((sum, { length }) => sum + length, 0)).toBe(content.length);
    }),
  );
});

it('neither more nor fewer bytes than announced are taken', () => {
  expect(() => createPartDigester(3, 2).update(Buffer.from('abcd'))).toThrow(RangeError);
  expect(() => createPartDigester(3, 2).end()).toThrow(RangeError);
});
