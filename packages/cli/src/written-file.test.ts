import { execFile, execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GOOD, tunegate } from './run-in-process.harness.js';

let folder: string;
let dataset: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-written-'));
  dataset = join(folder, 'train.jsonl');
  await writeFile(dataset, GOOD);
});
afterAll(() => rm(folder, { recursive: true }));

const place = (name: string) => join(folder, name);

describe('a dataset is not written over', () => {
  test.each([
    ['by its own name', async () => dataset],
    ['by a symbolic link', async () => symlink(dataset, place('soft')).then(() => place('soft'))],
    ['by a hard link', async () => link(dataset, place('hard')).then(() => place('hard'))],
  ])('%s', async (_, name) => {
    const run = await tunegate(['check', dataset, '--format', `jsonl=${await name()}`]);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('is the dataset itself') });
    expect(await readFile(dataset, 'utf8')).toBe(GOOD);
  });

  test('when it is what standard input comes from', async () => {
    const bin = fileURLToPath(new URL('./bin.ts', import.meta.url));
    const argv = ['--no-warnings', '--import', import.meta.resolve('tsx'), bin, 'check', '-', '--format'];
    const stderr = await new Promise<string>((resolve) => {
      const shell = ['-c', 'exec "$@" < "$0"', dataset, process.execPath, ...argv, `json=${dataset}`];
      execFile('sh', shell, (_, __, text) => resolve(text));
    });
    expect(stderr).toContain('is the dataset itself');
    expect(await readFile(dataset, 'utf8')).toBe(GOOD);
  });
});

test('a file is not written by a format and with fingerprints at once', async () => {
  const out = place('out');
  const run = await tunegate(['check', dataset, '--format', `json=${out}`, '--fingerprints', out]);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot both be written to') });
});

test.each([
  ['a folder that does not exist', async () => place('no/out.json'), 'its folder does not exist'],
  ['a directory', async () => mkdir(place('dir')).then(() => place('dir')), 'it is a directory'],
  ['a file in place of a folder', async () => join(dataset, 'out.json'), 'a part of its path is a file'],
])('%s is named as the reason', async (_, name, reason) => {
  const file = await name();
  const run = await tunegate(['check', dataset, '--format', `json=${file}`]);
  expect(run).toMatchObject({ code: 2, stderr: `tunegate: cannot write ${file}: ${reason}\n` });
});

test.skipIf(process.platform === 'win32')('a named pipe whose reader has gone keeps the verdict', async () => {
  const pipe = place('pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = execFile('head', ['-c', '10', pipe]);
  // More findings than a pipe holds.
  await writeFile(place('many.jsonl'), GOOD.replaceAll('assistant', 'assistent').repeat(100));
  const run = await tunegate(['check', place('many.jsonl'), '--format', `jsonl=${pipe}`]);
  reader.kill();
  expect(run).toMatchObject({ code: 1, stderr: '' });
});
