import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROKEN, examples, tunegate } from '../run-in-process.harness.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tunegate-merge-'));
});
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
/** Checks shards, each with its report and its fingerprints beside it. @returns Paths of the reports. */
async function shards(texts: readonly string[], flags: readonly string[] = []): Promise<string[]> {
  folders += 1;
  const folder = join(root, String(folders));
  await mkdir(folder);
  const reports: string[] = [];
  for (const [index, text] of texts.entries()) {
    const dataset = join(folder, `part-${index}.jsonl`);
    const report = join(folder, `part-${index}.json`);
    await writeFile(dataset, text);
    const fingerprints = flags.includes('--no-fingerprints') ? [] : ['--fingerprints', `${dataset}.fingerprints`];
    const rest = flags.filter((flag) => flag !== '--no-fingerprints');
    await tunegate(['check', dataset, '--format', `json=${report}`, ...fingerprints, ...rest]);
    reports.push(report);
  }
  return reports;
}

const summary = (json: string) => JSON.parse(json).files[0];
const line = (n: number, answer = 'Yes.') =>
  `{"messages":[{"role":"user","content":"Is ${n} a number?"},{"role":"assistant","content":"${answer}"}]}\n`;

describe('tunegate merge', () => {
  test('says of shards what check says of the whole, and its exit code', async () => {
    const texts = [examples(4) + BROKEN, line(1), line(2) + line(1) + line(2, 'No.')];
    const reports = await shards(texts);
    const whole = join(root, 'whole.jsonl');
    await writeFile(whole, texts.join(''));
    const checked = await tunegate(['check', whole, '--format', 'json']);
    const merged = await tunegate(['merge', ...reports, '--format', 'json']);
    expect({ code: merged.code, stderr: merged.stderr }).toEqual({ code: checked.code, stderr: '' });
    const { file, sha256, durationMs, merge, ...figures } = summary(checked.stdout);
    const of = summary(merged.stdout);
    expect(of).toMatchObject({ ...figures, file: '<merged>', comparison: 'across-shards' });
    expect(of.sha256).toBeUndefined();
    expect(of.shards).toMatchObject([
      { examples: 16, errors: 2 },
      { examples: 1, errors: 1, fingerprints: expect.stringContaining('part-1.jsonl.fingerprints') },
      { examples: 3 },
    ]);
    const duplicates = JSON.parse(merged.stdout).diagnostics.filter(({ rule = '' }) => rule === 'dataset/duplicate');
    expect(duplicates.map((each: { message: string }) => each.message)).toContainEqual(
      expect.stringMatching(/^the same example as in line 1 of .*part-1\.jsonl: /),
    );
  });

  test('merges what was merged, wherever that was written to', async () => {
    const reports = await shards([line(1) + line(2), line(2) + line(3), line(3) + line(1)]);
    const folder = join(root, 'elsewhere');
    await mkdir(folder);
    const first = join(folder, 'first.json');
    expect((await tunegate(['merge', ...reports.slice(0, 2), '--format', `json=${first}`])).stderr).toBe('');
    const again = await tunegate(['merge', first, reports[2]!, '--format', 'json']);
    const once = await tunegate(['merge', ...reports, '--format', 'json']);
    const { durationMs: _, ...expected } = summary(once.stdout);
    expect(summary(again.stdout)).toMatchObject(expected);
    expect(expected.byRule['dataset/duplicate']).toBe(3);
  });

  test('takes several datasets of one check, whose fingerprints go to a folder', async () => {
    const folder = join(root, 'folder');
    await mkdir(folder);
    for (const name of ['a', 'b']) await writeFile(join(folder, `${name}.jsonl`), examples(6));
    const report = join(folder, 'report.json');
    const files = ['a.jsonl', 'b.jsonl'].map((name) => join(folder, name));
    const prints = join(folder, 'prints/');
    await tunegate(['check', ...files, '--format', `json=${report}`, '--fingerprints', prints]);
    expect(await readdir(prints)).toEqual(['a.jsonl.fingerprints', 'b.jsonl.fingerprints']);
    const { code, stdout } = await tunegate(['merge', report]);
    expect(code).toBe(0);
    expect(stdout).toContain('<merged>: ok, 6 warnings');
  });

  test('holds the reports after --valid against those after --train', async () => {
    const train = await shards([examples(10), line(7)]);
    const valid = await shards([line(8), line(7)], ['--no-config']);
    const { stdout, code } = await tunegate(['merge', '--train', ...train, '--valid', valid[1]!]);
    expect(code).toBe(1);
    expect(stdout).toContain('<train>: ok, ');
    expect(stdout).toContain('<valid>: ');
    expect(stdout).toMatch(/dataset\/leakage: this example is also in the training file, line 1 of .*part-1\.jsonl/);
  });

  test('says on standard error when examples of different shards were not compared', async () => {
    const reports = await shards([examples(10), examples(10)], ['--no-fingerprints']);
    const { code, stdout, stderr } = await tunegate(['merge', ...reports]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'tunegate: examples of different shards were not compared: these were checked without --fingerprints\n',
    });
    expect(stdout).toBe('<merged>: ok, 2 files, 20 examples, 2.7 kB, 540 tokens\n');
  });

  describe('refuses, with exit code 2 and at most two lines,', () => {
    let reports: readonly string[];
    beforeAll(async () => {
      reports = await shards([line(1), line(2)]);
    });
    const refusal = async (...argv: string[]) => {
      const { code, stderr, stdout } = await tunegate(['merge', ...argv]);
      expect({ code, stdout, lines: stderr.split('\n').length <= 3 }).toEqual({ code: 2, stdout: '', lines: true });
      return stderr;
    };
    const file = async (name: string, text: string) => {
      await writeFile(join(root, name), text);
      return join(root, name);
    };
    const changed = async (name: string, change: (report: { merge?: { parts: object[] } }) => unknown) => {
      const report = JSON.parse(await readFile(reports[0]!, 'utf8'));
      change(report.files[0]);
      delete report.files[0].fingerprints;
      return file(name, JSON.stringify(report));
    };

    test('nothing at all', async () => {
      expect(await refusal()).toContain('no report to merge');
    });
    test('what does not exist, what is no report, what is a dataset', async () => {
      expect(await refusal('no-such.json')).toContain('the report no-such.json does not exist');
      expect(await refusal(await file('x.json', '{}'))).toContain('x.json is no report');
      expect(await refusal(await file('y.json', line(1) + line(2)))).toContain('y.json is no report: it is not JSON');
    });
    test('another schemaVersion', async () => {
      const other = await file('other.json', '{"schemaVersion":7,"files":[],"diagnostics":[]}');
      expect(await refusal(other)).toContain('has schemaVersion 7; this version of tunegate reads 1');
    });
    test('a report without what it takes to merge it, and a damaged one', async () => {
      const bare = await changed('bare.json', (report) => delete report.merge);
      expect(await refusal(bare)).toContain('does not hold what it takes to merge it');
      const damaged = await changed('damaged.json', (report) => Object.assign(report, { merge: { parts: 1 } }));
      expect(await refusal(damaged)).toContain('damaged.json is damaged');
      const states = await changed('states.json', (report) => {
        Object.assign(report.merge!.parts[0]!, { states: { 'messages/no-system': 1 } });
      });
      expect(await refusal(states)).toContain('damaged');
    });
    test('reports of different targets, models, options', async () => {
      for (const flags of [
        ['--target', 'azure'],
        ['--model', 'gpt-4.1'],
        ['--ignore', 'tokens/*'],
        ['--rule', 'line/blank=error'],
      ]) {
        const [other] = await shards([line(3)], flags);
        expect(await refusal(reports[0]!, other!)).toMatch(/were checked with different \w+/);
      }
    });
    test('shards of which some have no fingerprints', async () => {
      const [other] = await shards([line(3)], ['--no-fingerprints']);
      expect(await refusal(reports[0]!, other!)).toContain('1 of 2 shards were checked without --fingerprints');
    });
    test('fingerprints that are missing, cut off, damaged, of another shard', async () => {
      const [first, second] = await shards([line(1) + line(2), line(2)]);
      const path = first!.replace('.json', '.jsonl.fingerprints');
      const good = await readFile(path);
      await writeFile(path, good.subarray(0, good.length - 9));
      expect(await refusal(first!, second!)).toContain('are cut off');
      const bad = Buffer.from(good);
      bad[100]! ^= 1;
      await writeFile(path, bad);
      expect(await refusal(first!, second!)).toContain('damaged');
      await appendFile(path, 'x');
      await writeFile(path, 'not at all');
      expect(await refusal(first!, second!)).toContain('no file of fingerprints');
      await cp(second!.replace('.json', '.jsonl.fingerprints'), path);
      expect(await refusal(first!, second!)).toContain('are those of another dataset');
      await rm(path);
      expect(await refusal(first!, second!)).toMatch(/the fingerprints of .*part-0\.jsonl, .*, do not exist/);
    });
    test('to write over one of the reports', async () => {
      expect(await refusal(reports[0]!, '--format', `json=${reports[0]}`)).toContain('is one of the reports');
    });
    test('one file for the fingerprints of several datasets', async () => {
      const folder = join(root, 'two');
      await mkdir(folder);
      const files = ['a.jsonl', 'b.jsonl'].map((name) => join(folder, name));
      for (const path of files) await writeFile(path, line(1));
      const { code, stderr } = await tunegate(['check', ...files, '--fingerprints', join(folder, 'x')]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('there are 2 to check') });
    });
  });

  test('leaves no fingerprints of a dataset that could not be read', async () => {
    const folder = join(root, 'unreadable');
    await mkdir(folder);
    const prints = join(folder, 'prints');
    expect((await tunegate(['check', join(folder, 'no.jsonl'), '--fingerprints', prints])).code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });
});
