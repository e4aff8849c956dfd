import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFingerprintStore, type StoredFingerprints } from './fingerprint-store.js';

const bytesOf = async (stored: StoredFingerprints) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of stored.read()) pieces.push(piece);
  return [...Buffer.concat(pieces)];
};

test('gives each file back its bytes in order, those that memory had no room for from a temporary file', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'tunegate-store-'));
  try {
    const store = createFingerprintStore(4, temporary);
    const [one, two] = [store.open(), store.open()];
    await one.write(Uint8Array.of(1, 2));
    await two.write(Uint8Array.of(3, 4, 5));
    await one.write(Uint8Array.of(6));
    await two.write(Uint8Array.of(7));
    expect(await bytesOf(one)).toEqual([1, 2, 6]);
    expect(await bytesOf(two)).toEqual([3, 4, 5, 7]);
    expect(await readdir(temporary)).toHaveLength(1);
    await store.close();
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    await rm(temporary, { recursive: true });
  }
});
