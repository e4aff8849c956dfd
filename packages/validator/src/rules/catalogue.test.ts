import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  caseFlags,
  DOCS_SECTIONS,
  type DocsBlock,
  findDocsPages,
  findRuleCases,
  flagOptions,
  mutations,
  parseExpectation,
  RULE_CASES,
  readDocsPage,
} from '@tunegate/test-fixtures';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostic.js';
import { validateStream } from '../validate.js';
import { rules } from './index.js';

const ids: readonly string[] = rules.map(({ id }) => id);
const cases = findRuleCases();

describe.each(ids)('%s', (id) => {
  test('is a kebab-case name in a category, and the path of its file', () => {
    expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(existsSync(new URL(`./${id}.ts`, import.meta.url)), `rules/${id}.ts`).toBe(true);
  });

  test('has a description that is a sentence', () => {
    expect(rules.find((rule) => rule.id === id)?.description).toMatch(/^[A-Z"].+\.$/s);
  });

  test('has several cases without a finding, and several in which it is reported', () => {
    const own = cases.filter(({ rule }) => rule === id);
    expect(own.filter(({ kind }) => kind === 'ok').length, 'ok cases').toBeGreaterThan(1);
    const reporting = own.filter(
      ({ kind, expectedPath }) =>
        kind === 'err' &&
        existsSync(expectedPath) &&
        parseExpectation(readFileSync(expectedPath, 'utf8')).some(({ rule }) => rule === id),
    );
    expect(reporting.length, 'err cases').toBeGreaterThan(1);
  });

  test('has a mutation', () => {
    expect(Object.keys(mutations)).toContain(id);
  });

  test('has a page with every section filled in', () => {
    const page = readDocsPage(id);
    expect(page.sections).toEqual(DOCS_SECTIONS);
    for (const section of ['What it finds', 'Why', 'How to fix']) expect(page.prose(section), section).not.toBe('');
    for (const section of ['Invalid', 'Valid']) expect(page.blocks(section).length, section).toBeGreaterThan(0);
    // The name of a case stands in a comment, which nobody sees who reads the page.
    const text = readFileSync(new URL(`../../../../docs/rules/${id}.md`, import.meta.url), 'utf8');
    for (const section of ['Invalid', 'Valid']) expect(text.split(`\n## ${section}\n`)[1]).toMatch(/^[^#]*\n```/);
  });

  test('is found in what its page calls invalid, and nothing in what it calls valid', async () => {
    const page = readDocsPage(id);
    for (const block of page.blocks('Invalid')) {
      if (block.case !== undefined) expectCase(id, block.case, 'err');
      else expect((await run(id, block)).map(({ rule }) => rule)).toContain(id);
    }
    for (const block of page.blocks('Valid')) {
      if (block.case !== undefined) expectCase(id, block.case, 'ok');
      else expect((await run(id, block)).map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    }
  });

  test('speaks in messages that start small and end without a full stop', async () => {
    for (const block of readDocsPage(id).blocks('Invalid')) {
      if (block.case !== undefined) continue;
      for (const { rule, message, help } of await run(id, block)) {
        if (rule !== id) continue;
        // An abbreviation may begin it: JSON, NaN.
        expect(message).toMatch(/^(?![A-Z][a-z]*\s).*[^.]$/s);
        expect(help ?? '…').not.toMatch(/\.$/);
      }
    }
  });
});

test('an id is in the catalogue once', () => {
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('every page, every folder of cases and every mutation is that of a rule', () => {
  expect(findDocsPages().filter((id) => !ids.includes(id))).toEqual([]);
  expect([...new Set(cases.map(({ rule }) => rule))].filter((id) => !ids.includes(id))).toEqual([]);
  expect(Object.keys(mutations).filter((id) => !ids.includes(id))).toEqual([]);
});

async function run(rule: string, { text = '', flags, config, fileName }: DocsBlock): Promise<readonly Diagnostic[]> {
  async function* source() {
    yield new TextEncoder().encode(text);
  }
  const options = flagOptions(caseFlags({ rule, flags }), config);
  return (await validateStream(source(), { ...options, fileName })).diagnostics;
}

/** The case itself is run with all the others. */
function expectCase(rule: string, name: string, kind: 'ok' | 'err'): void {
  expect(name, `a case of ${kind}/`).toMatch(new RegExp(`^${kind}/`));
  const found = cases.some((each) => each.rule === rule && each.kind === kind && each.name === basename(name));
  expect(found, `${RULE_CASES}/${rule}/${name}`).toBe(true);
}
