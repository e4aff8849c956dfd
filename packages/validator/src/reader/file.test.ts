import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetReadError } from '../errors.js';
import { openDataset } from './file.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
});
afterAll(() => rm(directory, { recursive: true }));

const isRoot = process.getuid?.() === 0;

describe('openDataset', () => {
  it.each([0, 1, 256 * 1024, 256 * 1024 + 1, 700_000])('gives all bytes of a file of %i', async (size) => {
    const path = join(directory, `${size}.jsonl`);
    const bytes = Buffer.from(Array.from({ length: size }, (_, index) => (index * 7919) % 251));
    await writeFile(path, bytes);
    const file = await openDataset(path);
    try {
      expect(file.size).toBe(size);
      const chunks: Buffer[] = [];
      // Each chunk is valid until the next is asked for, so it must be copied.
      for await (const chunk of file.chunks()) chunks.push(Buffer.from(chunk));
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(256 * 1024);
    } finally {
      await file.close();
    }
  });

  it.each([
    ['a file that is missing', 'missing.jsonl', 'ENOENT', /missing\.jsonl does not exist/],
    ['a directory', '.', 'EISDIR', /is a directory; name a file in it/],
    ['a path through a file', '1.jsonl/x', 'ENOTDIR', /a part of the path is a file/],
    ['a name that is too long', 'x'.repeat(5_000), 'ENAMETOOLONG', /the file name is too long: .{80}…/],
  ])('refuses %s, and says why', async (_, name, code, message) => {
    const path = join(directory, name);
    const error: unknown = await openDataset(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DatasetReadError);
    expect(error).toMatchObject({ code, path, message: expect.stringMatching(message) });
  });

  it('refuses what is no regular file', async () => {
    const error: unknown = await openDataset('/dev/null').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ENOTFILE', message: expect.stringMatching(/pipe it in/) });
  });

  it.skipIf(isRoot)('refuses a file that may not be read', async () => {
    const path = join(directory, 'locked.jsonl');
    await writeFile(path, 'x');
    await chmod(path, 0o000);
    const error: unknown = await openDataset(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'EACCES', message: expect.stringMatching(/permission denied/) });
  });

  it('does not wait for a writer of a pipe', async () => {
    const path = join(directory, 'pipe');
    await mkdir(join(directory, 'sub'));
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    await promisify(execFile)('mkfifo', [path]);
    const opened = openDataset(path).catch((thrown: unknown) => thrown);
    const waited = new Promise((resolve) => setTimeout(resolve, 2_000, 'waited').unref());
    const first = await Promise.race([opened, waited]);
    // Lets a stuck open() go, so that a failure of this test ends it.
    if (first === 'waited') await promisify(execFile)('sh', ['-c', `echo > "${path}"`]);
    expect(first).toMatchObject({ code: 'ENOTFILE' });
  });
});
