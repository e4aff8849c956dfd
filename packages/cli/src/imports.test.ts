import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/\.(test|harness)\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, import.meta.url), 'utf8') }));

const importers = (pattern: RegExp) =>
  sources
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name)
    .sort();

test('validator and uploader are loaded only by the command that needs them', () => {
  expect(importers(/^(import|export) (?!type )[^;]*from '@tunegate\//m)).toEqual(['check-and-upload.ts']);
});

test('only upload, files and serve load the uploader, so that check never loads an HTTP client', () => {
  expect(importers(/await import\('@tunegate\/uploader/)).toEqual([
    'commands/files.ts',
    'commands/serve.ts',
    'commands/upload.ts',
  ]);
  expect(importers(/await import\('\.\/check-and-upload/)).toEqual([]);
});

test('the version needs nothing but itself, and what hears Ctrl-C', () => {
  const imports = sources.find(({ name }) => name === 'bin.ts')?.text.match(/^import .*$/gm);
  expect(imports).toEqual([
    "import { EXIT } from './exit-code.js';",
    "import { endAtOnce, SIGNALS } from './interruption.js';",
    "import { VERSION } from './version.gen.js';",
  ]);
  const heard = sources.find(({ name }) => name === 'interruption.ts')?.text.match(/^import .*/gm);
  expect(heard).toEqual(["import { writeSync } from 'node:fs';", "import { EXIT } from './exit-code.js';"]);
});
