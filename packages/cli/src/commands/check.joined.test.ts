import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examples, tunegate } from '../run-in-process.harness.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tunegate-joined-'));
});
afterAll(() => rm(root, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, text);
  return path;
}

/** Examples of `examples`, by their numbers. */
const some = (from: number, to: number) =>
  examples(to)
    .split(/(?<=\n)/)
    .slice(from)
    .join('');

/** Findings by rule and the file they are in. */
const found = (stdout: string) =>
  JSON.parse(stdout).diagnostics.map(({ rule, file, line, column }: Record<string, string | number>) => {
    const place = line === undefined ? '' : `:${line}:${column}`;
    return `${rule} ${basename(String(file))}${place}`;
  });

describe('tunegate check --train', () => {
  let one: string;
  let two: string;
  beforeAll(async () => {
    one = await file('one.jsonl', some(0, 6));
    two = await file('two.jsonl', some(6, 12) + some(4, 5) + some(2, 3).replace('One more.', 'Eleven?'));
  });

  test('takes all files up to the next flag for one dataset, and says what it would say of them in one file', async () => {
    const joined = await tunegate(['check', '--train', one, two, '--format', 'json']);
    const whole = await file('whole.jsonl', some(0, 12) + some(4, 5) + some(2, 3).replace('One more.', 'Eleven?'));
    const alone = await tunegate(['check', whole, '--format', 'json']);
    expect(found(joined.stdout)).toEqual([
      'dataset/duplicate two.jsonl:7:1',
      'dataset/conflicting-answers two.jsonl:8:1',
    ]);
    const [{ file: _, sha256, durationMs, merge, ...figures }] = JSON.parse(alone.stdout).files;
    const [summary, ...others] = JSON.parse(joined.stdout).files;
    expect(others).toEqual([]);
    expect(summary).toMatchObject({ ...figures, file: '<train>', comparison: 'across-shards' });
    expect(summary).not.toHaveProperty('sha256');
    expect(summary.shards).toMatchObject([
      { file: one, examples: 6, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { file: two, examples: 8 },
    ]);
  });

  test('says it in text as well, with one line for the dataset', async () => {
    const { code, stdout } = await tunegate(['check', '--train', one, two]);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `${two}:7:1: warning dataset/duplicate: the same example as in line 5 of ${one}: it is billed and weighs once more help: delete it, unless it is meant to weigh more`,
      `${two}:8:1: info dataset/conflicting-answers: different answers to the same prompt in ${one}:3, ${two}:8: the model learns a mixture of them help: keep the best answer, unless the variety is meant`,
      '<train>: ok, 1 warning, 1 info, 2 files, 14 examples, 1.9 kB, 378 tokens',
    ]);
    const pretty = await tunegate(['check', '--train', one, two, '--format', 'pretty']);
    expect(pretty.stdout).toContain('7 | {"messages":[{"role":"system"');
    expect(pretty.stdout).toContain(`\n  ${one}  6 examples  `);
  });

  test('holds the files after --valid against all of them', async () => {
    const valid = await file('valid.jsonl', some(20, 21));
    const leaking = await file('leaking.jsonl', some(8, 9));
    const { code, stdout } = await tunegate([
      'check',
      ...['--train', one, two],
      ...['--valid', valid, leaking],
      ...['--select', 'dataset/*', '--rule', 'dataset/leakage=error'],
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `${leaking}:1:1: error dataset/leakage: this example is also in the training file, line 3 of ${two}: `,
    );
    expect(stdout).toContain('<train>: ok, 1 warning, 1 info, 2 files, 14 examples');
    expect(stdout).toContain('<valid>: 1 error, 2 files, 2 examples');
  });

  test('counts the warnings of the whole against --max-warnings, each once', async () => {
    const few = [await file('few.jsonl', some(0, 4)), await file('fewer.jsonl', some(4, 7))];
    const strict = await tunegate(['check', '--train', ...few, '--max-warnings', '0', '--target', 'together']);
    expect(strict).toMatchObject({ code: 0 });
    const { stdout } = await tunegate(['check', '--train', ...few]);
    expect(stdout.match(/dataset\/too-few-examples/g)).toHaveLength(1);
    expect(stdout).toContain('<train>: error dataset/too-few-examples: 7 examples');
  });

  test('leaves one file its name, and files before or behind "--" or behind "=" a dataset each', async () => {
    const datasets = async (...argv: string[]) => {
      const { stdout } = await tunegate(['check', ...argv, '--format', 'jsonl', '--select', 'dataset/duplicate']);
      const lines = stdout.trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line)).flatMap(({ type, file }) => (type === 'summary' ? [file] : []));
    };
    expect(await datasets('--train', one)).toEqual([one]);
    expect(await datasets(two, '--train', one)).toEqual([one, two]);
    expect(await datasets(`--train=${one}`, two)).toEqual([one, two]);
    expect(await datasets('--train', one, '--tokens', 'off', two)).toEqual([one, two]);
    expect(await datasets('--train', one, '--train', two)).toEqual(['<train>']);
  });

  test('takes standard input for one of the files', async () => {
    const { stdout } = await tunegate(['check', '--train', one, '-', '--format', 'json'], { stdin: some(5, 6) });
    expect(JSON.parse(stdout).diagnostics).toContainEqual(
      expect.objectContaining({ rule: 'dataset/duplicate', file: '<stdin>', line: 1 }),
    );
    const named = ['check', '--train', one, '-', '--stdin-filename', 'x.txt'];
    expect((await tunegate(named, { stdin: some(5, 6) })).stdout).toContain('x.txt: error file/wrong-extension');
  });

  test('writes fingerprints of each file, and its report can be merged with others', async () => {
    const folder = join(root, 'prints');
    await mkdir(folder);
    const report = join(folder, 'train.json');
    const prints = `${folder}/`;
    await tunegate(['check', '--train', one, two, '--fingerprints', prints, '--format', `json=${report}`]);
    expect(await readdir(folder)).toEqual(['one.jsonl.fingerprints', 'train.json', 'two.jsonl.fingerprints']);
    const more = await file('more.jsonl', some(0, 1));
    const other = join(folder, 'more.json');
    await tunegate(['check', more, '--fingerprints', join(folder, 'more'), '--format', `json=${other}`]);
    const { stdout } = await tunegate(
      ['merge', report, other, '--format', 'json', '--select', 'dataset/*'].slice(0, 5),
    );
    expect(found(stdout)).toContain('dataset/duplicate more.jsonl:1:undefined');
    expect(JSON.parse(stdout).files[0].examples).toBe(15);
  });

  test('goes on with the validation file when a training file cannot be read, and says 2', async () => {
    const missing = join(root, 'missing.jsonl');
    const { code, stdout, stderr } = await tunegate(['check', '--train', one, missing, '--valid', two]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `tunegate: ${missing} does not exist\n` });
    expect(stdout).not.toContain('<train>');
    expect(stdout).toContain(`${two}: ok`);
  });

  test('ends when interrupted', async () => {
    const interruption = new AbortController();
    interruption.abort(new Error('interrupted'));
    expect(await tunegate(['check', '--train', one, two], { interruption })).toMatchObject({ code: 130, stdout: '' });
  });
});
