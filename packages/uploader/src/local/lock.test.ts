import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLocalFilesServer } from './index.js';
import { lockDirectory } from './lock.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tunegate-test-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const lockPath = () => join(directory, '.tunegate-server.lock');

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('two servers on one directory', () => {
  it('lock each other out, until the first one stops', async () => {
    const first = await startLocalFilesServer({ directory });
    await expect(startLocalFilesServer({ directory })).rejects.toMatchObject({
      code: 'E_LOCAL_LOCKED',
      message: `Another server keeps its files in ${directory} (process ${process.pid}): stop it, or name another directory.`,
    });
    await first.close();
    await (await startLocalFilesServer({ directory })).close();
    expect(await readdir(directory)).toEqual([]);
  });

  it('that start at once: one wins', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('a lock', () => {
  it.each([
    ['whose process is gone', async () => JSON.stringify({ pid: await deadPid(), startedAt: null, token: 't' })],
    [
      'of an earlier process with our number',
      async () => JSON.stringify({ pid: process.pid, startedAt: '1', token: 't' }),
    ],
    ['that cannot be read', async () => 'half a lo'],
  ])('%s is taken over', async (_, text) => {
    await writeFile(lockPath(), await text());
    const unlock = await lockDirectory(directory);
    expect(JSON.parse(await readFile(lockPath(), 'utf8')).pid).toBe(process.pid);
    await unlock();
    expect(await readdir(directory)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'of another process that has the number of its owner is taken over',
    async () => {
      await writeFile(lockPath(), JSON.stringify({ pid: process.ppid, startedAt: '1', token: 't' }));
      await (await lockDirectory(directory))();
    },
  );

  it('of a process that lives holds', async () => {
    await writeFile(lockPath(), JSON.stringify({ pid: process.ppid, startedAt: null, token: 't' }));
    await expect(lockDirectory(directory)).rejects.toMatchObject({ pid: process.ppid });
  });

  it('that was taken over by mistake is left to its new owner', async () => {
    const unlock = await lockDirectory(directory);
    await writeFile(lockPath(), JSON.stringify({ pid: process.ppid, startedAt: null, token: 'theirs' }));
    await unlock();
    expect(await readdir(directory)).toHaveLength(1);
  });
});
