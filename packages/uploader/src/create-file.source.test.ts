import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, open, readdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createTestRuntime,
  type Fault,
  type FaultServer,
  failureOf,
  SECRET_KEY,
  sha256Of,
  startFaultServer,
} from '../../../test-fixtures/src/fault-server.js';
import { createClientWith } from './client.js';
import type { CreateFileOptions } from './create-file-options.js';
import { FileChangedError, FileEmptyError, FileReadError, FileTooLargeError } from './file-errors.js';
import { openSnapshot, type Snapshot } from './source/snapshot.js';

/** More than the connection's buffers take: while the server does not read, the rest of the file is still unread. */
const CONTENT = Buffer.alloc(12 * 1024 * 1024, '{"messages":[]}\n');

let server: FaultServer;
let directory: string;
let path: string;

beforeEach(async () => {
  server = await startFaultServer();
  directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
  path = join(directory, 'train.jsonl');
  await writeFile(path, CONTENT);
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

function client() {
  return createClientWith({ apiKey: SECRET_KEY, baseURL: server.url }, createTestRuntime());
}

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

describe('a file that changes while it is sent', () => {
  it.each([
    ['47: it is cut', () => truncate(path, CONTENT.length - 1000), 'was cut while it was sent'],
    ['48: it grows', () => appendFile(path, '{"messages":[]}\n'), 'grew while it was sent'],
    ['49: a byte ahead changes', () => overwrite(CONTENT.length - 5, '}'), 'does not hold the bytes that were checked'],
  ])('%s: the server never gets a complete request, and nothing is tried again', async (_name, change, message) => {
    const error = await failureOf(uploadWhile(change), FileChangedError);
    expect(error).toMatchObject({ code: 'E_FILE_CHANGED', retryable: false, path, expected: { size: CONTENT.length } });
    expect(error.message).toContain(message);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it('49: a byte changed between the check and the upload', async () => {
    const expect_ = { size: CONTENT.length, sha256: sha256Of(CONTENT) };
    await overwrite(10, 'x');
    await failureOf(client().createFile(path, 'fine-tune', { expect: expect_ }), FileChangedError);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it('49: a small file, which fits into one chunk, is no exception', async () => {
    await writeFile(path, 'abc\n');
    const expected = { size: 4, sha256: sha256Of('abd\n') };
    await failureOf(client().createFile(path, 'fine-tune', { expect: expected }), FileChangedError);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
  });

  it.each([
    ['46: it is deleted', () => rm(path)],
    ['50: a byte behind changes', () => overwrite(10, 'x')],
    ['50: it is touched', () => utimes(path, 1, 1)],
    [
      '51: another file takes its name',
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

  it('52: a disk that fails while it is read: nothing arrives, nothing is tried again', async () => {
    const good = await openSnapshot(path);
    const bad: Snapshot = {
      ...good,
      async read(buffer, position) {
        if (position > 11_000_000) throw new FileReadError('E_FILE_READ', 'cannot be read (EIO)', path);
        return good.read(buffer, position);
      },
    };
    await failureOf(client().createFile(bad, 'fine-tune'), FileReadError);
    await new Promise((later) => setTimeout(later, 20));
    expectNothingArrived();
    await good.close();
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
    server = await startFaultServer();
    // The connections of the listings are kept for a moment; they end with the server.
    await expect.poll(descriptors).toBeLessThanOrEqual(before + 2);
  });
});

describe('a file that cannot be sent is refused before any network use', () => {
  afterEach(() => {
    expect(server.connections()).toBe(0);
  });

  it('46: it is not there', async () => {
    const error = await failureOf(client().createFile(join(directory, 'no'), 'fine-tune'), FileReadError);
    expect(error).toMatchObject({ code: 'E_FILE_READ', retryable: false });
    expect(error.message).toMatch(/ does not exist$/);
  });

  it('53: a directory, a device, a pipe', async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    for (const name of [directory, '/dev/zero', pipe]) {
      const error = await failureOf(client().createFile(name, 'fine-tune'), FileReadError);
      expect(error.code).toBe('E_FILE_KIND');
    }
  });

  it('53: empty, on disk and in memory', async () => {
    await writeFile(path, '');
    await failureOf(client().createFile(path, 'fine-tune'), FileEmptyError);
    await failureOf(client().createFile({ bytes: new Uint8Array(), filename: 'a' }, 'fine-tune'), FileEmptyError);
  });

  it('53: larger than the limit, which counts the whole request', async () => {
    const error = await failureOf(
      client().createFile(path, 'fine-tune', { maxBytes: CONTENT.length }),
      FileTooLargeError,
    );
    expect(error.bytes).toBeGreaterThan(CONTENT.length);
    expect(error.maxBytes).toBe(CONTENT.length);
  });

  it('53: larger than 512 MiB with what surrounds it', async () => {
    await truncate(path, 512 * 1024 * 1024);
    const expected = { size: 512 * 1024 * 1024, sha256: '0'.repeat(64) };
    await failureOf(client().createFile(path, 'fine-tune', { expect: expected }), FileTooLargeError);
  });

  it('54: the report is about a file of another size', async () => {
    const expected = { size: 17, sha256: sha256Of(CONTENT) };
    const error = await failureOf(client().createFile(path, 'fine-tune', { expect: expected }), FileChangedError);
    expect(error.message).toContain(`has ${CONTENT.length} bytes, but 17 were checked`);
  });

  it('54: the snapshot is of another file than the report', async () => {
    await using snapshot = await openSnapshot(path);
    const expected = { size: CONTENT.length, sha256: '0'.repeat(64) };
    await failureOf(client().createFile(snapshot, 'fine-tune', { expect: expected }), FileChangedError);
  });

  it('54: the file is read at once when that is asked for', async () => {
    const expected = { size: CONTENT.length, sha256: '0'.repeat(64) };
    await failureOf(openSnapshot(path, { expect: expected, verify: true }), FileChangedError);
  });
});
