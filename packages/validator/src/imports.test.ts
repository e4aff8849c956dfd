import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/\.(test|harness)\.ts$/.test(name))
  .map((name) => ({
    name: name.replaceAll('\\', '/'),
    text: readFileSync(new URL(name, import.meta.url), 'utf8'),
  }));

const importers = (module: string) =>
  sources
    .filter(({ text }) => new RegExp(`^(import|export) (?!type )[^;]*from '${module}['/]`, 'm').test(text))
    .map(({ name }) => name);

test('threads, compression and ajv are loaded when a check needs them, not with the validator', () => {
  expect(importers('node:worker_threads')).toEqual(['parallel/worker.ts']);
  expect(importers('node:zlib')).toEqual([]);
  // Runs when the package is built.
  expect(importers('ajv')).toEqual(['shape/compile.ts']);
});
