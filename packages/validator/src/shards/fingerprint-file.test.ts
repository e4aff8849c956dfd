import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintFileError } from '../errors.js';
import { createFingerprintWriter, readFingerprints } from './fingerprint-file.js';

const SHA256 = 'ab'.repeat(32);

interface Entry {
  readonly line: number;
  readonly example: number;
  readonly words: readonly number[];
  readonly hasParts: boolean;
}

async function written(entries: readonly Entry[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const writer = createFingerprintWriter((bytes) => void pieces.push(bytes))!;
  for (const { line, example, words, hasParts } of entries) {
    const array = Uint32Array.from(words);
    const at = (word: number) => ({ words: array, at: word });
    if (hasParts) writer.add(line, example, at(0), at(4), at(8));
    else writer.add(line, example, at(0));
    if (writer.isFull) await writer.flush();
  }
  await writer.end({ sha256: SHA256, format: 'chat' });
  return Buffer.concat(pieces);
}

async function read(bytes: Uint8Array, cut = 64, sha256 = SHA256): Promise<Entry[]> {
  const entries: Entry[] = [];
  async function* source() {
    for (let from = 0; from < bytes.length; from += cut) yield bytes.subarray(from, from + cut);
  }
  await readFingerprints(source(), {
    name: 'x.fingerprints',
    sha256,
    take({ line, example, whole, prompt }) {
      const words = [...whole.words.subarray(0, 12)];
      entries.push({ line, example, words, hasParts: prompt !== undefined });
    },
  });
  return entries;
}

const word = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const entry = fc
  .record({
    line: word,
    example: word,
    words: fc.array(word, { minLength: 12, maxLength: 12 }),
    hasParts: fc.boolean(),
  })
  .map((it) => (it.hasParts ? it : { ...it, words: [...it.words.slice(0, 4), 0, 0, 0, 0, 0, 0, 0, 0] }));
const some = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => ({
    line: index + 1,
    example: index + 1,
    words: Array.from({ length: 12 }, (_, at) => index * 12 + at + 1),
    hasParts: true,
  }));

describe('a file of fingerprints', () => {
  it('says what was written, in whatever pieces it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry), fc.integer({ min: 1, max: 300 }), async (entries, cut) => {
        expect(await read(await written(entries), cut)).toEqual(entries);
      }),
      { seed: 20_261_125, numRuns: 200 },
    );
  });

  it('has 56 bytes an example, and is handed on in pieces', async () => {
    const [few, many] = [await written(some(10)), await written(some(5_010))];
    expect(many.length - few.length).toBeCloseTo(5_000 * 56, -1);
    expect(await read(many, 100_000)).toEqual(some(5_010));
  });

  it('is refused when any of its bytes is another, or it ends anywhere before its end', async () => {
    const bytes = await written(some(3));
    for (let at = 0; at < bytes.length; at += 1) {
      await expect(read(bytes.subarray(0, at)), `cut at ${at}`).rejects.toThrow(FingerprintFileError);
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x10;
      // The format is for whoever reads the file; all else is needed.
      if (
        bytes
          .toString('latin1')
          .slice(at - 12, at + 12)
          .includes('format')
      )
        continue;
      await expect(read(changed), `changed at ${at}`).rejects.toThrow(FingerprintFileError);
    }
    await expect(read(Buffer.concat([bytes, Buffer.from('x')]))).rejects.toThrow('go on behind their end');
  });

  it('is refused when it is of another dataset, or of another way to make fingerprints', async () => {
    const bytes = await written(some(3));
    await expect(read(bytes, 64, 'cd'.repeat(32))).rejects.toThrow(
      'the fingerprints x.fingerprints are those of another dataset, or of an earlier state of this one',
    );
    const other = Buffer.from(bytes);
    const at = other.indexOf('"hash":"') + 8;
    other.write('0000', at);
    await expect(read(other)).rejects.toThrow('by another version of tunegate');
  });

  it('is closed when it is refused', async () => {
    let isClosed = false;
    async function* source() {
      try {
        for (;;) yield Buffer.from('not at all, and without an end');
      } finally {
        isClosed = true;
      }
    }
    await expect(readFingerprints(source(), { name: 'x', sha256: SHA256, take: () => {} })).rejects.toThrow('no file');
    expect(isClosed).toBe(true);
  });
});
