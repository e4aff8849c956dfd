import { link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROKEN, examples, GOOD, tunegate } from './run-in-process.harness.js';

let folder: string;
let good: string;
let broken: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-cli-'));
  good = join(folder, 'good.jsonl');
  broken = join(folder, 'broken.jsonl');
  await writeFile(good, GOOD);
  await writeFile(broken, BROKEN);
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('tunegate', () => {
  test('says its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await tunegate(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('helps on standard output when asked, on standard error when called with nothing', async () => {
    expect(await tunegate(['--help'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Exit codes:'),
    });
    expect(await tunegate([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Exit codes:') });
  });

  test.each([
    [['check'], 'tunegate: no file to check\nhelp: name one or more; - is standard input\n'],
    [['check', '-', '-'], 'tunegate: standard input can be checked only once\n'],
    [
      ['check', 'x.jsonl', '--sarif'],
      'tunegate: check has no flag --sarif\nhelp: `tunegate check --help` lists its flags\n',
    ],
    [
      ['check', 'x.jsonl', '--target', 'opnai'],
      'tunegate: there is no target "opnai"\nhelp: did you mean --target openai?\n',
    ],
    [
      ['check', 'x.jsonl', '--select', 'messages/unknown-rol'],
      'tunegate: --select, or "select" in the configuration: unknown rule "messages/unknown-rol"; did you mean "messages/unknown-role"?\n',
    ],
    [
      ['check', 'x.jsonl', '--rule', 'messages/unknown-rol=off'],
      'tunegate: --rule, or "rules" in the configuration: unknown rule "messages/unknown-rol"; did you mean "messages/unknown-role"?\n',
    ],
    [['upload'], 'tunegate: no file to upload\nhelp: tunegate upload FILE\n'],
    [
      ['explain', 'unknown-role'],
      'tunegate: there is no rule "unknown-role"\nhelp: did you mean messages/unknown-role?\n',
    ],
    [['rules', '--format', 'sarif'], 'tunegate: rules are listed as pretty or json, not as "sarif"\n'],
    [['check', 'no\u001b[31m\nsuch.jsonl'], 'tunegate: no\ufffd[31m\ufffdsuch.jsonl does not exist\n'],
  ])('%j is a usage error of at most two lines', async (argv, stderr) => {
    expect(await tunegate(argv)).toMatchObject({ code: 2, stderr });
  });

  test('an internal error is one line, and a stack only for debugging', async () => {
    const env = new Proxy(
      {},
      {
        get(_, name) {
          if (name === 'GITHUB_ACTIONS') throw new Error('out of cheese');
          return undefined;
        },
      },
    );
    const { code, stderr } = await tunegate(['check', good], { env });
    expect(code).toBe(2);
    expect(stderr.split('\n')).toHaveLength(3);
    expect(stderr).toContain('tunegate: internal error, this is a bug: out of cheese\n');
  });
});

describe('check', () => {
  test('passes a good dataset in one line', async () => {
    const { code, stdout, stderr } = await tunegate(['check', good]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^.*good\.jsonl: ok, 12 examples, 1\.\d kB, \d+ tokens\n$/);
    expect(await tunegate([good, '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('names line, column and rule of what is broken', async () => {
    const { code, stdout } = await tunegate([broken]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `${broken}:11:99: error messages/unknown-role: unknown role "assistent" [/messages/2/role] help: did you mean "assistant"?\n`,
    );
    expect(stdout).toContain(`${broken}:12:`);
    expect(stdout).toContain('error json/syntax');
  });

  test('frames it on a terminal', async () => {
    const { stdout } = await tunegate(['check', broken, '--color', 'never'], { isTTY: true });
    expect(stdout).toContain('error[messages/unknown-role] unknown role "assistent"\n');
    expect(stdout).toMatch(/\n {3}\| +\^{11}\n/);
  });

  test('writes one JSON object a line, the summary last', async () => {
    const { code, stdout } = await tunegate([
      'check',
      broken,
      '--no-config',
      '--target',
      'openai',
      '--format',
      'jsonl',
      '--max-errors',
      '0',
      '--max-per-rule',
      '0',
    ]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(lines.map((line) => line.rule ?? line.type)).toEqual(['messages/unknown-role', 'json/syntax', 'summary']);
    expect(lines[2]).toMatchObject({ file: broken, ok: false, examples: 12, errors: 2, truncated: false });
  });

  test('annotates on GitHub and appends to the step summary', async () => {
    const summary = join(folder, 'summary.md');
    const { stdout } = await tunegate(['check', broken], {
      env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    });
    expect(stdout).toContain('::error title=messages/unknown-role,');
    expect(stdout).toContain(': error messages/unknown-role: ');
    expect(await readFile(summary, 'utf8')).toContain('| messages/unknown-role | 1 |');
  });

  test('writes a format to a file besides, but never over a dataset', async () => {
    const out = join(folder, 'out.json');
    expect((await tunegate(['check', good, broken, '--format', `json=${out}`])).code).toBe(1);
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ files: [{ file: good }, { file: broken }] });

    const refused = await tunegate(['check', good, '--format', `json=${good}`]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is the dataset itself') });
    const hardLink = join(folder, 'hard-link.jsonl');
    await link(good, hardLink);
    expect((await tunegate(['check', good, '--format', `json=${hardLink}`])).code).toBe(2);
    expect(await readFile(good, 'utf8')).toBe(GOOD);
    expect(await tunegate(['check', good, '--format', `json=${join(folder, 'no', 'out.json')}`])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot write'),
    });
  });

  test('a name that is not UTF-8, of which Node leaves no trace, gets advice', async () => {
    expect((await tunegate(['check', join(folder, '\ufffd.jsonl')])).stderr).toMatch(
      /does not exist\nhelp: a name that is not UTF-8/,
    );
  });

  test('reads standard input', async () => {
    expect(await tunegate(['check', '-'], { stdin: GOOD })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('<stdin>: ok, 12 examples'),
    });
    expect((await tunegate(['-'], { stdin: BROKEN })).stdout).toContain('<stdin>:11:99: error');
    expect((await tunegate(['-', '--stdin-filename', 'x.jsonl'], { stdin: BROKEN })).stdout).toContain(
      'x.jsonl:11:99: error',
    );
  });

  test('goes on after a file that cannot be read, and says 2', async () => {
    const missing = join(folder, 'missing.jsonl');
    const { code, stdout, stderr } = await tunegate(['check', missing, folder, broken]);
    expect(code).toBe(2);
    expect(stderr).toBe(`tunegate: ${missing} does not exist\ntunegate: ${folder} is a directory; name a file in it\n`);
    expect(stdout).toContain('error messages/unknown-role');
  });

  test('fails on more warnings than allowed', async () => {
    const demoted = ['check', broken, '--rule', 'messages/unknown-role=warning', '--rule', 'json/syntax=warning'];
    expect((await tunegate(demoted)).code).toBe(0);
    expect((await tunegate([...demoted, '--max-warnings', '2'])).code).toBe(0);
    expect((await tunegate([...demoted, '--max-warnings', '1'])).code).toBe(1);
    expect((await tunegate(['check', broken, '--ignore', 'json/*,messages/*'])).code).toBe(0);
  });

  test('notes a model that it does not know', async () => {
    const { code, stdout } = await tunegate(['check', good, '--model', 'llama-9']);
    expect(code).toBe(0);
    expect(stdout).toContain('warning model/unknown');
  });

  test('holds the examples against the templates of a grader', async () => {
    const grader = await file('grader.json', '{"type":"string_check","input":"{{ item.answer }}","reference":"x"}');
    const line = '{"messages":[{"role":"user","content":"1+1?"}],"answer":2}\n';
    const items = await file('items.jsonl', line.repeat(9) + line.replace('answer', 'anwser'));
    const { code, stdout } = await tunegate(['check', items, '--grader', grader, '--ignore', 'dataset/duplicate']);
    expect(code).toBe(1);
    expect(stdout).toContain('items.jsonl:10:1: error reinforcement/missing-grader-field');
    const missing = await tunegate(['check', items, '--grader', 'nowhere.json']);
    expect(missing).toMatchObject({ code: 2, stderr: 'tunegate: the grader nowhere.json does not exist\n' });
    const marked = await file(
      'marked.json',
      '\ufeff{"type":"string_check","input":"{{ item.answer }}","reference":"x"}',
    );
    expect((await tunegate(['check', items, '--grader', marked, '--max-errors', '1'])).code).toBe(1);
    const broken = await file('broken.json', '{');
    expect(await tunegate(['check', items, '--grader', broken])).toMatchObject({ code: 2 });
  });

  test('holds a validation file against the training file', async () => {
    const valid = await file('valid.jsonl', (await readFile(good, 'utf8')).split('\n')[2] ?? '');
    const { code, stdout } = await tunegate(['check', '--train', good, '--valid', valid]);
    expect(code).toBe(0);
    expect(stdout).toContain('valid.jsonl:1:1: warning dataset/leakage');
    expect(stdout).toContain('line 3 of');
    expect(stdout).not.toContain('too-few-examples');
  });

  test('ends at once when interrupted', async () => {
    const interruption = new AbortController();
    interruption.abort(new Error('interrupted'));
    expect(await tunegate(['check', good], { interruption })).toEqual({
      code: 130,
      stdout: '',
      stderr: 'tunegate: interrupted: the check is not complete\n',
    });
  });

  test('ends when interrupted while standard input says nothing', async () => {
    const interruption = new AbortController();
    const silent = (async function* () {
      yield Buffer.from(examples(1));
      interruption.abort(new Error('interrupted'));
      await new Promise(() => {});
    })();
    expect(await tunegate(['check', '-'], { interruption, stdin: silent })).toMatchObject({ code: 130, stdout: '' });
  });
});

describe('rules and explain', () => {
  test('list the catalogue with the severities of the target', async () => {
    expect((await tunegate(['rules'])).stdout).toMatch(/^messages\/unknown-role +error +The role/m);
    const { rules } = JSON.parse((await tunegate(['rules', '--format', 'json', '--target', 'compatible'])).stdout);
    expect(rules).toContainEqual(expect.objectContaining({ id: 'file/wrong-extension', severity: 'warning' }));
    expect(rules).toContainEqual(expect.objectContaining({ id: 'dataset/too-few-examples', severity: 'off' }));
  });

  test('explain one rule', async () => {
    const { code, stdout } = await tunegate(['explain', 'file/wrong-extension']);
    expect(code).toBe(0);
    expect(stdout).toContain('severity  error, warning for compatible\n');
  });
});
