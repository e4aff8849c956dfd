import { execFileSync } from 'node:child_process';
import { appendFile, open, readdir, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../test-fixtures/src/fault-server.js';
import { sha256Of } from '../../../test-fixtures/src/sha256.js';
import { failureOf } from '../../../test-fixtures/src/shown-errors.js';
import type { CreateFileOptions } from './create-file-options.js';
import { client, server, useFaultServer } from './fault-server.harness.js';
import { FileChangedError, FileEmptyError, FileReadError, FileTooLargeError } from './file-errors.js';
import { openSnapshot, pinFile, type Snapshot, type SourceFs } from './source/snapshot.js';
import { directory, path, useTemporaryFile } from './temporary-file.harness.js';

/** More than the connection's buffers take: while the server does not read, the rest of the file is still unread. */
const CONTENT = Buffer.alloc(12 * 1024 * 1024, '{"messages":[]}\n');

useTemporaryFile(CONTENT);
useFaultServer();

/** Uploads, and does something to the file while the server has begun to read it. */
async function uploadWhile(change: () => Promise<unknown>, options: CreateFileOptions = {}) {
  const fault: Fault = async ({ readSome, behave }) => {
    await readSome(100_000);
    await change();
    await behave();
  };
  server.faults.create.push(fault);
  const events: string[] = [];
  const file = await client().createFile(path, 'fine-tune', { ...options, onEvent: ({ type }) => events.push(type) });
  return { file, events };
}

const CHECKED = { size: CONTENT.length, sha256: sha256Of(CONTENT) };

/** A file system whose files cannot be relied upon; positions count bytes of the file. */
function diskThat(faults: { failsAt?: number; code?: string; endsAt?: number; givesAtMost?: number }): SourceFs {
  const { failsAt = Number.POSITIVE_INFINITY, code, endsAt, givesAtMost = Number.POSITIVE_INFINITY } = faults;
  return {
    stat,
    async open(name, flags) {
      const handle = await open(name, flags);
      const read = async (buffer: Uint8Array, offset: number, length: number, position: number) => {
        if (position + length > failsAt) throw Object.assign(new Error('i/o error'), { code });
        if (endsAt !== undefined && position >= endsAt) return { bytesRead: 0, buffer };
        return handle.read(buffer, offset, Math.min(length, givesAtMost), position);
      };
      return {
        stat: handle.stat.bind(handle),
        read: read as typeof handle.read,
        close: () => handle.close(),
      };
    },
  };
}

async function overwrite(position: number, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.write(text, position);
  await handle.close();
}

function expectNothingArrived(): void {
  expect(server.files.size).toBe(0);
  expect(server.requests('create')).toHaveLength(1);
  expect(server.requests('create')[0]?.isComplete).toBe(false);
}

describe('G1: a file that changes while it is sent', () => {
  it.each([
    ['fault 47: it is cut', () => truncate(path, CONTENT.length - 1000), 'was cut while it was sent'],
    ['fault 48: it grows', () => appendFile(path, '{"messages":[]}\n'), 'grew while it was sent'],
    [
      'fault 49: a byte ahead of the read position changes',
      () => overwrite(CONTENT.length - 5, '}'),
      'does not hold the bytes that were checked',
    ],
  ])('%s: the server never gets a complete request, and nothing is tried again', async (_name, change, message) => {
    const error = await failureOf(uploadWhile(change), FileChangedError);
    expect(error).toMatchObject({ code: 'E_FILE_CHANGED', retryable: false, path, expected: { size: CONTENT.length } });
    expect(error.message).toContain(message);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it('fault 49: a byte changed between the check and the upload: the server never gets a complete request', async () => {
    const expect_ = { size: CONTENT.length, sha256: sha256Of(CONTENT) };
    await overwrite(10, 'x');
    await failureOf(client().createFile(path, 'fine-tune', { expect: expect_ }), FileChangedError);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it('fault 49: a small file, which fits into one chunk, is no exception', async () => {
    await writeFile(path, 'abc\n');
    const expected = { size: 4, sha256: sha256Of('abd\n') };
    await failureOf(client().createFile(path, 'fine-tune', { expect: expected }), FileChangedError);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it.each([
    ['fault 46: it is deleted', () => rm(path)],
    ['fault 50: a byte behind the read position changes', () => overwrite(10, 'x')],
    ['fault 50: it is touched', () => utimes(path, 1, 1)],
    [
      'fault 51: another file takes its name',
      async () => {
        await writeFile(join(directory, 'other'), 'something else');
        await rename(join(directory, 'other'), path);
      },
    ],
  ])('%s: the checked bytes arrive, with a warning', async (_name, change) => {
    const { file, events } = await uploadWhile(change);
    expect(sha256Of(server.files.get(file.id)?.content ?? '')).toBe(sha256Of(CONTENT));
    expect(file.upload.sha256).toBe(sha256Of(CONTENT));
    expect(events.at(-1)).toBe('source-changed');
  });

  it.each([
    ['fails', 'EIO'],
    ['is not there any more (a file of another machine)', 'ESTALE'],
  ])('fault 52: a disk that %s while it is read: nothing arrives, nothing is tried again', async (_name, code) => {
    await using pinned = await pinFile(path, { expect: CHECKED }, undefined, diskThat({ failsAt: 11_000_000, code }));
    const error = await failureOf(client().createFile(pinned, 'fine-tune'), FileReadError);
    expect(error).toMatchObject({ code: 'E_FILE_READ', retryable: false, path });
    expect(error.message).toBe(`${path} cannot be read (${code})`);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it('fault 52: a disk that gives less than it was asked for is asked again, and the bytes arrive', async () => {
    await using pinned = await pinFile(path, {}, undefined, diskThat({ givesAtMost: 100_001 }));
    const file = await client().createFile(pinned, 'fine-tune');
    expect(sha256Of(server.files.get(file.id)?.content ?? '')).toBe(sha256Of(CONTENT));
  });

  it('fault 52: a disk that says that the file ends before its end: nothing arrives', async () => {
    await using pinned = await pinFile(path, { expect: CHECKED }, undefined, diskThat({ endsAt: 11_000_000 }));
    await failureOf(client().createFile(pinned, 'fine-tune'), FileChangedError);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it('an unchanged file with expect is read only once', async () => {
    const good = await openSnapshot(path, { expect: { size: CONTENT.length, sha256: sha256Of(CONTENT) } });
    let read = 0;
    const counting: Snapshot = {
      ...good,
      async read(buffer, position) {
        const count = await good.read(buffer, position);
        read += count;
        return count;
      },
    };
    const file = await client().createFile(counting, 'fine-tune');
    expect(read).toBe(CONTENT.length);
    expect(file.bytes).toBe(CONTENT.length);
    await good.close();
  });

  it('leaves no file descriptor behind, whatever happens', async () => {
    const descriptors = async () => (await readdir('/proc/self/fd').catch(() => [])).length;
    const before = await descriptors();
    for (let count = 0; count < 5; count++)
      await failureOf(
        uploadWhile(() => truncate(path, 11_000_000 - count)),
        FileChangedError,
      ).catch(() => {});
    await server.close();
    // The connections of the listings are kept for a moment; they end with the server.
    await expect.poll(descriptors).toBeLessThanOrEqual(before + 2);
  });
});

describe('G1: a file that changes while its parts are sent', () => {
  const PART = 4 * 1024 * 1024;

  beforeEach(() => {
    server.hasUploads = true;
  });

  /** Uploads in parts, and does something to the file while the server has begun to read the first. */
  async function uploadPartsWhile(change: () => Promise<unknown>, options: CreateFileOptions = {}) {
    server.faults.part.push(async ({ readSome, behave }) => {
      await readSome(100_000);
      await change();
      await behave();
    });
    const events: string[] = [];
    const onEvent: CreateFileOptions['onEvent'] = ({ type }) => events.push(type);
    const all = { partSize: PART, concurrency: 1, ...options, onEvent };
    return { file: await client().uploadInParts(path, 'fine-tune', all), events };
  }

  it.each([
    ['fault 47: it is cut', () => truncate(path, CONTENT.length - 1000), 'was cut while it was sent'],
    ['fault 48: it grows', () => appendFile(path, '{"messages":[]}\n'), 'grew while it was sent'],
    ['fault 49: a byte of this part changes', () => overwrite(PART - 5, '}'), 'does not hold the bytes'],
    ['fault 49: a byte of a later part changes', () => overwrite(CONTENT.length - 5, '}'), 'does not hold the bytes'],
  ])('%s: no file is made, nothing is tried again, and the upload is given up', async (_name, change, message) => {
    const stateDir = join(directory, 'state');
    const error = await failureOf(uploadPartsWhile(change, { stateDir }), FileChangedError);
    expect(error).toMatchObject({ code: 'E_FILE_CHANGED', retryable: false, path });
    expect(error.message).toContain(message);
    expect(server.files.size).toBe(0);
    expect([...server.uploadsStore.uploads.values()].map(({ status }) => status)).toEqual(['cancelled']);
    expect(await readdir(stateDir)).toEqual([]);
  });

  it.each([
    ['fault 46: it is deleted', () => rm(path)],
    ['fault 50: a byte behind the read position changes', () => overwrite(10, 'x')],
    [
      'fault 51: another file takes its name',
      async () => {
        await writeFile(join(directory, 'other'), 'something else');
        await rename(join(directory, 'other'), path);
      },
    ],
  ])('%s: the checked bytes arrive, with a warning', async (_name, change) => {
    const { file, events } = await uploadPartsWhile(change);
    expect(sha256Of(server.files.get(file.id)?.content ?? '')).toBe(sha256Of(CONTENT));
    expect(events.at(-1)).toBe('source-changed');
  });

  it('fault 54: the report is about other bytes: refused before any network use', async () => {
    const expected = { size: CONTENT.length, sha256: sha256Of('other') };
    await failureOf(client().uploadInParts(path, 'fine-tune', { expect: expected }), FileChangedError);
    expect(server.connections()).toBe(0);
  });
});

describe('G10: a file that cannot be sent is refused before any network use', () => {
  afterEach(() => {
    expect(server.connections()).toBe(0);
  });

  it('fault 46: it is not there: is not retried', async () => {
    const error = await failureOf(client().createFile(join(directory, 'no'), 'fine-tune'), FileReadError);
    expect(error).toMatchObject({ code: 'E_FILE_READ', retryable: false });
    expect(error.message).toMatch(/ does not exist$/);
  });

  it('fault 53: a directory, a device, a pipe', async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    for (const name of [directory, '/dev/zero', pipe]) {
      const error = await failureOf(client().createFile(name, 'fine-tune'), FileReadError);
      expect(error.code).toBe('E_FILE_KIND');
    }
  });

  it('fault 53: empty, on disk and in memory', async () => {
    await writeFile(path, '');
    await failureOf(client().createFile(path, 'fine-tune'), FileEmptyError);
    await failureOf(client().createFile({ bytes: new Uint8Array(), filename: 'a' }, 'fine-tune'), FileEmptyError);
  });

  it('fault 53: larger than the limit, which counts the whole request', async () => {
    const error = await failureOf(
      client().createFile(path, 'fine-tune', { maxBytes: CONTENT.length }),
      FileTooLargeError,
    );
    expect(error.bytes).toBeGreaterThan(CONTENT.length);
    expect(error.maxBytes).toBe(CONTENT.length);
  });

  it.each([
    ['512 MiB with what surrounds it, in one request', 'never', 512 * 1024 * 1024, 536_870_912],
    ['8 GiB, in parts', 'auto', 8 * 1024 * 1024 * 1024 + 1, 8_589_934_592],
  ] as const)('fault 53: larger than %s: before it is read', async (_name, parts, size, maxBytes) => {
    await truncate(path, size);
    const error = await failureOf(client().createFile(path, 'fine-tune', { parts }), FileTooLargeError);
    expect(error).toMatchObject({ maxBytes });
    expect(error.hint).toContain(parts === 'never' ? 'in parts' : 'split the dataset');
  });

  it('fault 54: the report is about a file of another size', async () => {
    const expected = { size: 17, sha256: sha256Of(CONTENT) };
    const error = await failureOf(client().createFile(path, 'fine-tune', { expect: expected }), FileChangedError);
    expect(error.message).toContain(`has ${CONTENT.length} bytes, but 17 were checked`);
  });

  it('fault 54: the snapshot is of another file than the report', async () => {
    await using snapshot = await openSnapshot(path);
    const expected = { size: CONTENT.length, sha256: '0'.repeat(64) };
    await failureOf(client().createFile(snapshot, 'fine-tune', { expect: expected }), FileChangedError);
  });

  it('fault 54: the file is read at once when that is asked for', async () => {
    const expected = { size: CONTENT.length, sha256: '0'.repeat(64) };
    await failureOf(openSnapshot(path, { expect: expected, verify: true }), FileChangedError);
  });
});
