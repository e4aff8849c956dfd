import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expandFiles } from './file-pattern.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-pattern-'));
  for (const name of [
    'b.jsonl',
    'a.jsonl',
    'a.txt',
    '.hidden.jsonl',
    'x/c.jsonl',
    'x/y/d.jsonl',
    'node_modules/e.jsonl',
    'odd[1]*.jsonl',
  ]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['*.jsonl', ['a.jsonl', 'b.jsonl', 'odd[1]*.jsonl']],
  ['?.jsonl', ['a.jsonl', 'b.jsonl']],
  ['*/*.jsonl', ['node_modules/e.jsonl', 'x/c.jsonl']],
  ['**/*.jsonl', ['a.jsonl', 'b.jsonl', 'odd[1]*.jsonl', 'x/c.jsonl', 'x/y/d.jsonl']],
  ['x/**/d.jsonl', ['x/y/d.jsonl']],
  ['.h*.jsonl', ['.hidden.jsonl']],
  ['odd[1]*.jsonl', ['odd[1]*.jsonl']],
])('%s', async (pattern, names) => {
  expect(await expandFiles([join(folder, pattern)])).toEqual(names.map((name) => join(folder, name)));
});

test('files keep their order, and none comes twice', async () => {
  const [a, b] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
  expect(await expandFiles([b, join(folder, '*.jsonl'), '-', 'missing.jsonl'])).toEqual([
    b,
    a,
    join(folder, 'odd[1]*.jsonl'),
    '-',
    'missing.jsonl',
  ]);
});

test('a pattern that matches nothing is refused', async () => {
  await expect(expandFiles([join(folder, '*.csv')])).rejects.toThrow('no file matches');
});
