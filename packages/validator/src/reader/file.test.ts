import { execFile } from 'node:child_process';
import { readSync } from 'node:fs';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetReadError } from '../errors.js';
import { openDataset } from './file.js';

const run = promisify(execFile);

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('openDataset', () => {
  it.each([0, 1, 1024 * 1024, 1024 * 1024 + 1, 2_800_000])('gives all bytes of a file of %i', async (size) => {
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
      for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(1024 * 1024);
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

  it('does not wait for a writer of a pipe', async () => {
    const path = join(directory, 'pipe');
    await run('mkfifo', [path]);
    const opened = openDataset(path).catch((thrown: unknown) => thrown);
    const waited = new Promise((resolve) => setTimeout(resolve, 2_000, 'waited').unref());
    const first = await Promise.race([opened, waited]);
    // Lets a stuck open() go, so that a failure of this test ends it.
    if (first === 'waited') await run('sh', ['-c', `echo > "${path}"`]);
    expect(first).toMatchObject({ code: 'ENOTFILE' });
  });
});

it('ends with words about it when the file is cut while it is read', async () => {
  const path = join(directory, 'cut.jsonl');
  await writeFile(path, 'x'.repeat(5_000_000));
  const file = await openDataset(path);
  const read = async () => {
    let isFirst = true;
    for await (const _ of file.chunks()) {
      if (isFirst) await truncate(path, 300_000);
      isFirst = false;
    }
  };
  await expect(read()).rejects.toMatchObject({
    code: 'ECHANGED',
    // One chunk is read ahead: how much of it was there is chance.
    message: expect.stringMatching(/ was cut while it was read: it had 5000000 bytes and ended after \d+; check it/),
  });
  await file.close();
});

describe('a dataset that was read', () => {
  const firstByte = (descriptor: number | undefined) => {
    if (descriptor === undefined) return undefined;
    const byte = Buffer.alloc(1);
    readSync(descriptor, byte, 0, 1, 0);
    return byte.toString();
  };

  it('can be read again, before it is closed and after, until it is let go', async () => {
    const path = join(directory, 'again.jsonl');
    await writeFile(path, 'abc');
    const file = await openDataset(path);
    expect(firstByte(file.descriptor())).toBe('a');
    await file.close();
    expect(firstByte(file.descriptor())).toBe('a');
    file.release();
    file.release();
  });

  it('is read from the open file, when another one has its name', async () => {
    const path = join(directory, 'replaced.jsonl');
    await writeFile(path, 'abc');
    await writeFile(`${path}.new`, 'xyz');
    const file = await openDataset(path);
    await rename(`${path}.new`, path);
    expect(firstByte(file.descriptor())).toBe('a');
    await file.close();
    expect(file.descriptor()).toBeUndefined();
    file.release();
  });

  it.each([
    ['is gone', (path: string) => rm(path)],
    ['was written to', (path: string) => appendFile(path, 'd')],
  ])('is not read again after it was closed, when it %s', async (_, change) => {
    const path = join(directory, 'changed.jsonl');
    await writeFile(path, 'abc');
    const file = await openDataset(path);
    await file.close();
    await change(path);
    expect(file.descriptor()).toBeUndefined();
    expect(file.descriptor()).toBeUndefined();
    file.release();
  });
});
