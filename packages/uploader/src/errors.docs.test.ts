import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as uploader from './index.js';

const page = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const source = await readFile(new URL('errors.ts', import.meta.url), 'utf8');

it('docs/errors.md has every class', () => {
  const classes = Object.entries(uploader).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof Error ? [name] : [],
  );
  expect(classes.length).toBeGreaterThan(20);
  expect(classes.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

it('docs/errors.md has every code', () => {
  const codes = [...source.matchAll(/^ {2}\| '(E_\w+)'/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
