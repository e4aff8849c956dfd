import { describe, expect, test } from 'vitest';
import { parseCommandLine, type Request } from './args.js';
import { CommandError } from './command-error.js';
import { COMMANDS } from './command-table.js';
import { FLAGS, NOT_YET_FLAGS } from './flags.js';
import { commandHelp, mainHelp } from './help.js';

const parse = (line: string, files: readonly string[] = []) =>
  parseCommandLine(line === '' ? [] : line.split(' '), (path) => files.includes(path));

const run = (line: string, files: readonly string[] = []): Extract<Request, { kind: 'run' }> => {
  const request = parse(line, files);
  if (request.kind !== 'run') throw new Error(`${line} runs no command`);
  return request;
};

const refusal = (line: string): CommandError => {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error(`${line} was not refused`);
};

describe('the command', () => {
  test('a file that is called like a property of every object is a file', () => {
    expect(run('toString', ['toString'])).toMatchObject({ command: 'check', positionals: ['toString'] });
  });

  test.each([
    ['check a.jsonl', 'check', ['a.jsonl']],
    ['validate a.jsonl', 'check', ['a.jsonl']],
    ['lint a.jsonl b.jsonl', 'check', ['a.jsonl', 'b.jsonl']],
    ['a.jsonl', 'check', ['a.jsonl']],
    ['-', 'check', ['-']],
    ['check -', 'check', ['-']],
    ['check -- --odd.jsonl', 'check', ['--odd.jsonl']],
    ['data.txt --tokens off', 'check', ['data.txt']],
    ['upload a.jsonl', 'upload', ['a.jsonl']],
    ['explain json/syntax', 'explain', ['json/syntax']],
  ])('%s', (line, command, positionals) => {
    expect(run(line, ['data.txt'])).toMatchObject({ command, positionals });
  });

  test.each([
    ['', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['-h', { kind: 'help' }],
    ['help', { kind: 'help' }],
    ['help lint', { kind: 'help', command: 'check' }],
    ['upload -h', { kind: 'help', command: 'upload' }],
    ['check a.jsonl --help', { kind: 'help', command: 'check' }],
    ['--version', { kind: 'version' }],
    ['check a.jsonl --version', { kind: 'version' }],
    ['serve --version', { kind: 'version' }],
  ])('"%s" asks for %j', (line, request) => {
    expect(parse(line)).toEqual(request);
  });

  test('a command wins over a file of the same name', () => {
    expect(run('check a.jsonl', ['check']).positionals).toEqual(['a.jsonl']);
  });
});

describe('flags', () => {
  test.each([
    ['--target azure', { target: 'azure' }],
    ['--target=azure', { target: 'azure' }],
    ['--max-errors 0 --max-per-rule 5 --max-warnings 3', { 'max-errors': 0, 'max-per-rule': 5, 'max-warnings': 3 }],
    ['--method dpo --tokens off', { method: 'dpo', tokens: 'off' }],
    ['--format pretty --format jsonl=a=b.jsonl', { format: ['pretty', 'jsonl=a=b.jsonl'] }],
    ['--select a/b,c/* --select d/e', { select: [['a/b', 'c/*'], ['d/e']] }],
    [
      '--rule a/b=off --rule c/d=error',
      {
        rule: [
          ['a/b', 'off'],
          ['c/d', 'error'],
        ],
      },
    ],
    ['-q --no-config --no-progress', { quiet: true, 'no-config': true, 'no-progress': true }],
    ['--target a --target b', { target: 'b' }],
  ])('%s', (line, flags) => {
    expect(run(`check x.jsonl ${line}`).flags).toEqual(flags);
  });

  test('--train and --valid take the names that follow them, of check and merge', () => {
    expect(run('check a --train b c --valid d e -q f')).toMatchObject({
      positionals: ['a', 'f'],
      flags: { train: ['b', 'c'], valid: ['d', 'e'] },
    });
    expect(run('merge --train b - --train c')).toMatchObject({ positionals: [], flags: { train: ['b', '-', 'c'] } });
    expect(run('check --train=b c --valid d -- e').positionals).toEqual(['c', 'e']);
    expect(run('upload --valid b a')).toMatchObject({ positionals: ['a'], flags: { valid: ['b'] } });
  });

  test.each([
    ['30d', 2_592_000],
    ['1h', 3600],
    ['90m', 5400],
    ['7200s', 7200],
    ['7200', 7200],
  ])('a duration of %s is %i seconds', (text, seconds) => {
    expect(run(`upload x --expires-after ${text}`).flags['expires-after']).toBe(seconds);
  });

  test.each([
    ['check x --max-erors 3', 'check has no flag --max-erors', 'did you mean --max-errors?'],
    ['check x --zzzzzzzz', 'check has no flag --zzzzzzzz', '`tunegate check --help` lists its flags'],
    ['check x --base-url http://x', 'check does not take --base-url', 'it belongs to upload, files'],
    ['check x --max-errors many', '--max-errors takes a whole number, not "many"', undefined],
    ['check x --max-errors -1', '--max-errors needs a value: --max-errors N', undefined],
    ['check x --max-errors=-1', '--max-errors takes a whole number, not "-1"', undefined],
    ['check x --max-errors', '--max-errors needs a value: --max-errors N', undefined],
    ['check x --target --quiet', '--target needs a value: --target NAME', undefined],
    ['check x --quiet=yes', '--quiet takes no value', undefined],
    ['check x --method spo', '--method takes supervised, dpo, reinforcement, not "spo"', 'did you mean --method dpo?'],
    [
      'check x --rule a/b=bad',
      '--rule takes ID=off, ID=info, ID=warning or ID=error, not "a/b=bad"',
      expect.any(String),
    ],
    ['upload x --expires-after soon', '--expires-after takes a duration, not "soon"', expect.any(String)],
    ['upload x --expires-after 59m', '--expires-after 59m is out of range', 'it takes 1h to 30d'],
    ['upload x --expires-after 31d', '--expires-after 31d is out of range', 'it takes 1h to 30d'],
    ['upload x --expires-after 0', '--expires-after 0 is out of range', 'it takes 1h to 30d'],
    ['check x --no-quiet', 'check has no flag --no-quiet', expect.any(String)],
    ['--quiet check x', '--quiet comes before any command', expect.any(String)],
    ['chek x', 'there is no command "chek", and no such file', 'did you mean tunegate check?'],
    ['fix x', 'the command fix is not in this version', expect.any(String)],
    ['toString x', 'there is no command "toString", and no such file', expect.any(String)],
    ['check x --constructor', 'check has no flag --constructor', expect.any(String)],
  ])('%s is refused', (line, message, help) => {
    const { exitCode, ...error } = refusal(line);
    expect(exitCode).toBe(2);
    expect({ message: refusal(line).message, help: error.help }).toEqual({ message, help });
  });

  test.each(['', 'check ', 'check a.jsonl ', 'upload '])('an empty argument is named as such: %j', (line) => {
    const attempt = () => parseCommandLine(line.split(' '), () => false);
    expect(attempt).toThrow('an argument is empty');
  });

  test('a file whose name looks like a flag is told how to be named', () => {
    const attempt = () => parseCommandLine(['check', '--odd.jsonl'], (path) => path === '--odd.jsonl');
    expect(attempt).toThrow(
      expect.objectContaining({ help: 'for the file of that name: tunegate check ./--odd.jsonl' }),
    );
  });

  test.each(['check x --select ,', 'check x --ignore , '])('a list with nothing in it is none: %s', (line) => {
    expect(refusal(line.trim()).message).toMatch(/^--(select|ignore) names nothing$/);
  });

  test.each(NOT_YET_FLAGS)('%s, which is planned, is refused and not ignored', (name) => {
    const flag = name.length === 1 ? `-${name}` : `--${name}`;
    expect(refusal(`upload x.jsonl ${flag} 1`).message).toBe(`${flag} is not in this version`);
    expect(refusal(`check x.jsonl ${flag}`).message).toBe(`${flag} is not in this version`);
    expect(FLAGS).not.toHaveProperty([name]);
  });
});

describe('flags of an upload in parts', () => {
  test.each([
    ['--parts always --part-size 16MiB --concurrency 4', { parts: 'always', 'part-size': 16_777_216, concurrency: 4 }],
    ['--part-size 1000', { 'part-size': 1000 }],
    ['--part-size 8mb', { 'part-size': 8_000_000 }],
  ])('%s', (flags, values) => {
    expect(run(`upload x.jsonl ${flags}`).flags).toEqual(values);
  });
});

describe('help', () => {
  test('says of a flag what it does for the command at hand', () => {
    expect(commandHelp('check')).toContain('pretty, concise, json, jsonl or github');
    expect(commandHelp('files')).not.toContain('github');
    expect(commandHelp('rules')).not.toContain('github');
    expect(commandHelp('serve')).not.toContain('whose rules apply');
    expect(commandHelp('upload')).not.toContain('of check and merge');
  });

  test('has the exit codes where a command has more than one to say', () => {
    for (const name of ['check', 'merge', 'upload', 'files'] as const)
      expect(commandHelp(name)).toContain('Exit codes:');
  });

  test('names every command', () => {
    for (const name of Object.keys(COMMANDS)) expect(mainHelp()).toContain(`  ${name} `);
  });

  test.each(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])(
    'of %s describes each of its flags, and only what is to be copied is wider than a terminal',
    (name) => {
      const text = commandHelp(name);
      for (const flag of COMMANDS[name].flags) expect(text).toContain(`--${flag}`);
      const [, ...lines] = text.split('\n');
      const wide = lines.filter((line) => line.length > 80);
      expect(wide.filter((line) => !/^ {2}(?:-|tunegate|zcat|OPENAI_)/.test(line))).toEqual([]);
    },
  );
});
