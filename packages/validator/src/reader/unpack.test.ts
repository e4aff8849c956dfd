import { randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { validateStream } from '../index.js';
import { unpack } from './unpack.js';

const example = (text: string) =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: 'yes' },
    ],
  })}\n`;
const plain = Buffer.from(Array.from({ length: 500 }, (_, index) => example(`question ${index} é`)).join(''));

/** One buffer for all chunks, as the file reader does it. */
async function* cut(bytes: Buffer, size: number) {
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const length = bytes.copy(buffer, 0, at, at + size);
    yield buffer.subarray(0, length);
  }
}

async function collect(bytes: Buffer, size: number) {
  const unpacking = await unpack(cut(bytes, size));
  const chunks: Buffer[] = [];
  for await (const chunk of unpacking.chunks) chunks.push(Buffer.from(chunk));
  return { bytes: Buffer.concat(chunks), compression: unpacking.compression, isDamaged: unpacking.isDamaged };
}

describe.each([1, 3, 7, 4096, 1 << 20])('in chunks of %i bytes', (size) => {
  it('hands on what is not compressed', async () => {
    expect(await collect(plain, size)).toEqual({ bytes: plain, compression: undefined, isDamaged: false });
    expect((await collect(Buffer.from('{}'), size)).bytes.toString()).toBe('{}');
    expect((await collect(Buffer.alloc(0), size)).bytes).toHaveLength(0);
  });

  it('unpacks gzip, several members in a row too', async () => {
    const packed = Buffer.concat([zlib.gzipSync(plain), zlib.gzipSync(plain)]);
    const { bytes, compression, isDamaged } = await collect(packed, size);
    expect(compression).toBe('gzip');
    expect(bytes.equals(Buffer.concat([plain, plain]))).toBe(true);
    expect(isDamaged).toBe(false);
  });
});

it('says when gzip data break off, and hands on what came before', async () => {
  const noise = randomBytes(300_000).toString('hex');
  const packed = zlib.gzipSync(noise);
  const { bytes, isDamaged } = await collect(packed.subarray(0, packed.length - 1000), 4096);
  expect(isDamaged).toBe(true);
  expect(bytes.length).toBeGreaterThan(100_000);
  expect(noise.startsWith(bytes.toString())).toBe(true);
});

it('passes on the error of the source, not one of its own', async () => {
  const unpacking = await unpack(
    (async function* () {
      yield zlib.gzipSync(plain).subarray(0, 500);
      throw new Error('the disk is gone');
    })(),
  );
  await expect(async () => {
    for await (const _ of unpacking.chunks);
  }).rejects.toThrow('the disk is gone');
});

describe('a compressed dataset', () => {
  const options = { tokens: 'off', ignore: ['messages/no-system'] } as const;

  it('is checked inside, with lines and offsets of what is inside', async () => {
    const broken = Buffer.concat([plain, Buffer.from('{"messages":[\n')]);
    const report = await validateStream(cut(zlib.gzipSync(broken), 4096), options);
    expect(report).toMatchObject({ lines: 501, bytes: broken.length, warnings: 1, errors: 1 });
    expect(report.diagnostics.map(({ rule, line, severity }) => [rule, line, severity])).toEqual([
      ['file/compressed', 1, 'warning'],
      ['json/syntax', 501, 'error'],
    ]);
  });

  it('that is cut off is an error', async () => {
    const packed = zlib.gzipSync(plain);
    const report = await validateStream(cut(packed.subarray(0, packed.length - 9), 4096), options);
    expect(report.diagnostics).toMatchObject([
      { rule: 'file/compressed', severity: 'warning' },
      { rule: 'file/compressed', severity: 'error', params: { fault: 'damaged' } },
    ]);
  });

  it('that cannot be unpacked, or holds nothing, is never taken for a good one', async () => {
    const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0]);
    const report = await validateStream(cut(zstd, 4096), options);
    expect(report.errors).toBeGreaterThan(0);
    expect(report.diagnostics[0]?.rule).toBe('file/compressed');
    // Before Node 22.15 there is nothing to unpack it with, and that is all there is to say.
    if (!('createZstdDecompress' in zlib)) expect(report.diagnostics).toMatchObject([{ params: { fault: 'node' } }]);
  });
});
