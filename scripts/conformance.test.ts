import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRuleCases } from '../test-fixtures/src/index.js';
import { checkConformance, sumUp } from './conformance.js';

/** Finds a blank in every line that has "blank" in it, except with `--target azure`; breaks on "crash" and "garbage". */
const VALIDATOR = `
const { readFileSync } = require('node:fs');
const [command, ...args] = process.argv.slice(2);
const file = args.find((arg, index) => !arg.startsWith('--') && (index === 0 || args[index - 1] === '--valid'));
const text = readFileSync(file, 'utf8');
if (command !== 'check' || !args.includes('jsonl') || text.includes('crash')) {
  console.error('broken');
  process.exit(2);
}
if (text.includes('garbage')) console.log('not JSON');
for (const [index, line] of text.split('\\n').entries()) {
  if (!line.includes('blank') || args.includes('azure')) continue;
  console.log(JSON.stringify({ type: 'diagnostic', message: 'a word', rule: 'line/blank', severity: 'error', file, line: index + 1 }));
  console.log(JSON.stringify({ type: 'diagnostic', rule: 'line/blank', severity: 'error', file: 'another.jsonl', line: 9 }));
}
console.log(JSON.stringify({ type: 'summary', file }));
`;

let directory: string;
const write = (path: string, text: string) => {
  const full = join(directory, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
};
const finding = (line: number) => `${JSON.stringify({ rule: 'line/blank', severity: 'error', line })}\n`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tunegate-conformance-test-'));
  write('validator.cjs', VALIDATOR);
  write('rules/line/blank/ok/clean.jsonl', 'full\n');
  write('rules/line/blank/ok/target.jsonl', 'blank\n');
  write('rules/line/blank/ok/target.json', '{"flags":["--target","azure"]}');
  write('rules/line/blank/ok/beside-training.jsonl', 'full\n');
  write('rules/line/blank/ok/beside-training.json', '{"flags":["--train","beside.train.jsonl"]}');
  write('rules/line/blank/ok/wrong.jsonl', 'blank\n');
  write('rules/line/blank/err/second.jsonl', 'full\nblank\n');
  write('rules/line/blank/err/second.out', finding(2));
  write('rules/line/blank/err/recipe.json', '{"recipe":{"lines":[{"text":"full {n}","times":2000},{"text":"blank"}]}}');
  write('rules/line/blank/err/recipe.out', finding(2001));
  write('rules/line/blank/err/missed.jsonl', 'full\n');
  write('rules/line/blank/err/missed.out', finding(1));
  write('rules/line/long/ok/crash.jsonl', 'crash\n');
  write('rules/line/long/ok/garbage.jsonl', 'garbage\n');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a validator agrees where it finds exactly what a case lists, and every difference is named', async () => {
  const command = [process.execPath, join(directory, 'validator.cjs')];
  const { cases, agreed, rules, disagreements } = sumUp(
    await checkConformance(command, findRuleCases(join(directory, 'rules'))),
  );
  expect({ cases, agreed }).toEqual({ cases: 9, agreed: 5 });
  expect(rules).toEqual({ 'line/blank': { cases: 7, agreed: 5 }, 'line/long': { cases: 2, agreed: 0 } });
  expect(disagreements).toEqual({
    'line/blank/ok/wrong': `has ${finding(1).trim()}`,
    'line/blank/err/missed': `lacks ${finding(1).trim()}`,
    'line/long/ok/crash': 'exit 2: broken',
    'line/long/ok/garbage': expect.stringContaining('not JSON Lines'),
  });
});
