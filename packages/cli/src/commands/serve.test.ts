import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalFilesServer } from '@tunegate/uploader/local';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tunegate } from '../run-in-process.harness.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-serve-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs `serve`, uses what it serves, and interrupts it. */
async function serving(argv: readonly string[], use: (url: string) => Promise<void>) {
  const interruption = new AbortController();
  return tunegate(['serve', ...argv], {
    interruption,
    async onStderr(text) {
      const url = /on this machine alone: (\S+)/.exec(text)?.[1];
      if (url === undefined) return;
      try {
        await use(url);
      } finally {
        interruption.abort();
      }
    },
  });
}

const list = (url: string, headers: Record<string, string> = { authorization: 'Bearer k' }) =>
  fetch(`${url}/files`, { headers });

describe('serve', () => {
  test('prints its address alone on standard output, and ends with 0 when interrupted', async () => {
    let status = 0;
    const run = await serving(['--dir', folder], async (url) => {
      status = (await list(url)).status;
    });
    expect({ status, ...run }).toMatchObject({
      status: 200,
      code: 0,
      stdout: expect.stringMatching(/^http:\S+\/v1\n$/),
    });
    expect(run.stderr).toContain(`files are kept in ${folder}\n`);
    expect(run.stderr).toMatch(/GET \/v1\/files 200 \d+ ms\n/);
  });

  test('has the ways of a target', async () => {
    let status = 0;
    const run = await serving(['--target', 'azure'], async (url) => {
      status = (await list(url, { 'api-key': 'k' })).status;
    });
    expect(status).toBe(200);
    expect(run.stdout).toMatch(/\/openai\/v1\n$/);
  });

  test('does wrong what a file of faults says, and says so in its log', async () => {
    const path = join(folder, 'faults.json');
    await writeFile(path, '[{"on": "listFiles", "fault": {"kind": "answer", "status": 503}}]');
    const statuses: number[] = [];
    const run = await serving(['--faults', path], async (url) => {
      for (let count = 0; count < 2; count += 1) statuses.push((await list(url)).status);
    });
    expect(statuses).toEqual([503, 200]);
    expect(run.stderr).toMatch(/503 \d+ ms, fault: answer\n/);
  });

  test('says in one line that another server has the directory', async () => {
    const other = await startLocalFilesServer({ directory: folder });
    const run = await tunegate(['serve', '--dir', folder]);
    await other.close();
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `tunegate: Another server keeps its files in ${folder} (process ${process.pid}): stop it, or name another directory.\n`,
    });
  });

  test.each([
    [['--target', 'fireworks'], 'serve cannot imitate "fireworks"'],
    [['--target', 'azur'], 'did you mean'],
    [['--faults', '/nowhere/faults.json'], 'cannot be read (ENOENT)'],
    [['files'], 'to keep files in a directory: --dir files'],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await tunegate(['serve', ...argv]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });

  test.each([
    ['{', 'is not JSON'],
    ['[{"fault": {"kind": "cut", "how": "gently"}}]', 'faults[0].fault.how: expected one of "reset", "close"'],
  ])('refuses the faults %s', async (text, message) => {
    const path = join(folder, 'faults.json');
    await writeFile(path, text);
    const { code, stderr } = await tunegate(['serve', '--faults', path]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
