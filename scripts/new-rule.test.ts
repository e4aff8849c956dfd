import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newRule, RuleIdError } from './new-rule.js';

const workspace = fileURLToPath(new URL('..', import.meta.url));
const list = 'packages/validator/src/rules/index.ts';
let root: string;
const read = (path: string) => readFileSync(join(root, path), 'utf8');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tunegate-new-rule-'));
  for (const path of [list, 'test-fixtures/src/mutations']) {
    cpSync(join(workspace, path), join(root, path), { recursive: true });
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a new rule gets its file, its cases, its page, its mutation and its changeset', () => {
  const written = newRule(root, 'messages/odd-number');
  expect(written.sort()).toEqual([
    '.changeset/messages-odd-number.md',
    'docs/rules/messages/odd-number.md',
    list,
    'packages/validator/src/rules/messages/odd-number.ts',
    'test-fixtures/rules/messages/odd-number/err/plain.jsonl',
    'test-fixtures/rules/messages/odd-number/err/plain.out',
    'test-fixtures/rules/messages/odd-number/ok/plain.jsonl',
    'test-fixtures/src/mutations/messages.ts',
  ]);
  for (const path of written) expect(existsSync(join(root, path)), path).toBe(true);
  expect(read('packages/validator/src/rules/messages/odd-number.ts')).toContain("id: 'messages/odd-number'");
  expect(read('test-fixtures/src/mutations/messages.ts')).toContain("  'messages/odd-number': {\n    mutate() {");
  expect(read('.changeset/messages-odd-number.md')).toContain('"@tunegate/validator": minor');
});

test('it stands in the list behind the others of its category, and its import in the order of paths', () => {
  newRule(root, 'json/bad-luck');
  const lines = read(list).split('\n');
  expect(lines[lines.indexOf('  jsonBadLuck,') - 1]).toMatch(/^ {2}json\w+,$/);
  expect(lines[lines.indexOf('  jsonBadLuck,') + 1]).not.toMatch(/^ {2}json/);
  const imports = lines.filter((line) => line.startsWith('import {') && line.includes("'./json/"));
  expect(imports[0]).toBe("import { jsonBadLuck } from './json/bad-luck.js';");
});

test('a rule of a new category ends the list and brings a new file of mutations', () => {
  newRule(root, 'zebra/stripes');
  expect(read(list)).toContain('  zebraStripes,\n] as const;');
  expect(read('test-fixtures/src/mutations/zebra.ts')).toContain('export const zebraMutations: Mutations = {');
  const index = read('test-fixtures/src/mutations/index.ts');
  expect(index).toContain("import { zebraMutations } from './zebra.js';");
  expect(index).toContain('  ...zebraMutations,\n};');
});

test('two rules added to a category with no mutations yet keep its file whole', () => {
  newRule(root, 'privacy/first');
  newRule(root, 'privacy/second');
  const text = read('test-fixtures/src/mutations/privacy.ts');
  expect(text.match(/'privacy\/\w+': \{/g)).toEqual(["'privacy/first': {", "'privacy/second': {"]);
  expect(text).toMatch(/\n {2}\},\n\};\n$/);
});

test.each(['messages', 'Messages/odd', 'messages/Odd', 'messages/odd_number', 'a/b/c', '../x', 'messages/odd-', ''])(
  'refuses the ill-formed id "%s"',
  (id) => {
    expect(() => newRule(root, id)).toThrow(RuleIdError);
  },
);

test('refuses a rule that there is already, and writes nothing', () => {
  const before = read(list);
  expect(() => newRule(root, 'messages/unknown-role')).toThrow('there is a rule messages/unknown-role already');
  expect(read(list)).toBe(before);
  expect(existsSync(join(root, 'docs'))).toBe(false);
});
