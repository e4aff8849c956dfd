import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from './journal-lock.js';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
  path = join(directory, 'journal.lock');
});

afterEach(() => rm(directory, { recursive: true }));

const owner = (more: object) => JSON.stringify({ pid: process.pid, host: hostname(), token: 'x', ...more });
/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('fault 78: the lock of a journal', () => {
  it('is held by one at a time, and is gone when it is released', async () => {
    const first = await takeLock(path, Date.now);
    expect(first).not.toBeNull();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await takeLock(path, Date.now)).toBeNull();
    await first?.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('of a process that has died is taken over', async () => {
    await writeFile(path, owner({ pid: deadPid() }));
    expect(await takeLock(path, Date.now)).not.toBeNull();
    expect(await readdir(directory)).toEqual(['journal.lock']);
  });

  it.runIf(existsSync('/proc/self/stat'))('of an earlier process with the same number is taken over', async () => {
    // In a container that was started again, the number of the process and the name of the machine are the old ones.
    await writeFile(path, owner({ startedAt: '1' }));
    expect(await takeLock(path, Date.now)).not.toBeNull();
    expect(await takeLock(path, Date.now)).toBeNull();
  });

  it.each([
    ['a living process', owner({ pid: process.ppid })],
    ['a process of another machine', owner({ pid: 1, host: 'elsewhere' })],
    ['nobody who can be known', ''],
  ])('of %s is respected, until nobody has touched it for more than an hour', async (_name, content) => {
    await writeFile(path, content);
    expect(await takeLock(path, Date.now)).toBeNull();
    expect(await readFile(path, 'utf8')).toBe(content);
    const old = new Date(Date.now() - 66 * 60_000);
    await utimes(path, old, old);
    expect(await takeLock(path, Date.now)).not.toBeNull();
  });

  it('that a full disk leaves without an owner is not left', async () => {
    const handle = await open(join(directory, 'any'), 'w');
    const write = vi.spyOn(Object.getPrototypeOf(handle), 'writeFile');
    await handle.close();
    write.mockRejectedValueOnce(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    await expect(takeLock(path, Date.now)).rejects.toThrow('no space left');
    expect(await readdir(directory)).toEqual(['any']);
    expect(await takeLock(path, Date.now)).not.toBeNull();
    write.mockRestore();
  });

  it('is kept alive by touching it', async () => {
    const lock = await takeLock(path, Date.now);
    const old = new Date(Date.now() - 66 * 60_000);
    await utimes(path, old, old);
    await lock?.touch();
    expect(await takeLock(path, Date.now)).toBeNull();
  });

  it('of somebody else is not released', async () => {
    const lock = await takeLock(path, Date.now);
    await writeFile(path, owner({ token: 'another' }));
    await lock?.release();
    expect(await readdir(directory)).toEqual(['journal.lock']);
  });

  it('that is stale goes to one of many who want it', async () => {
    await writeFile(path, owner({ pid: deadPid() }));
    const locks = await Promise.all(Array.from({ length: 20 }, () => takeLock(path, Date.now)));
    expect(locks.filter((lock) => lock !== null)).toHaveLength(1);
    expect(await readdir(directory)).toEqual(['journal.lock']);
  });
});
