import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rules } from '../packages/validator/src/index.js';
import { ruleDocs } from './build-rule-docs.js';

let root: string;
const pageOf = (id: string) => join(root, `${id}.md`);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tunegate-docs-'));
  for (const { id } of rules) {
    mkdirSync(dirname(pageOf(id)), { recursive: true });
    writeFileSync(pageOf(id), '<!-- head:begin -->\n<!-- head:end -->\n\n## What it finds\n\nBy hand.\n');
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const build = () => {
  for (const { path, text } of ruleDocs(root)) writeFileSync(path, text);
};

test('the head says what the catalogue knows, and the body stays', () => {
  build();
  const text = readFileSync(pageOf('file/byte-order-mark'), 'utf8');
  expect(text).toMatch(/^<!-- head:begin -->\n# file\/byte-order-mark\n/);
  expect(text).toContain('| severity | warning | off | warning | warning | warning | warning | warning |');
  expect(text).toMatch(/\n<!-- head:end -->\n\n## What it finds\n\nBy hand\.\n$/);
});

test('every rule stands in the list, in the order of the catalogue', () => {
  build();
  const listed = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| \[(.+?)\]/gm)].map(([, id]) => id);
  expect(listed).toEqual(rules.map(({ id }) => id));
});

test('what was built is not built again', () => {
  build();
  for (const { path, text } of ruleDocs(root)) expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a rule without a page, and a page without its markers, are named', () => {
  writeFileSync(pageOf('file/empty'), '# file/empty\n');
  expect(() => ruleDocs(root)).toThrow(
    'docs/rules/file/empty.md has not both <!-- head:begin --> and <!-- head:end -->',
  );
  rmSync(pageOf('file/empty'));
  expect(() => ruleDocs(root)).toThrow('file/empty has no page: docs/rules/file/empty.md');
});
