/**
 * Writes every source that is made from another one. Run by the build and by the tests; its outputs are not committed.
 *
 * - packages/validator/src/shape/validators.gen.ts: the JSON Schemas of the formats, compiled by ajv, so that no check
 *   compiles a schema or loads ajv (90 to 130 ms of start-up).
 * - packages/validator/src/json/scanner-module.gen.ts: the scanner of lines, compiled to WebAssembly, in base64.
 * - packages/cli/src/rule-pages.gen.ts: the pages of the rules in docs/rules, for `tunegate explain`.
 * - packages/cli/src/version.gen.ts: the version of the package, so that `tunegate --version` reads no second file.
 * - packages/validator/generated/: the token counting engine, compiled to WebAssembly, and its vocabularies, packed from
 *   what tiktoken ships, so that exact counting starts in milliseconds.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateTokenAssets } from '../packages/validator/generate/index.js';
import { generateScanner } from '../packages/validator/generate/scanner.js';
import { compileFormats } from '../packages/validator/src/shape/compile.js';

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url));

// An unchanged file keeps its time stamp, so that an incremental build stays incremental.
function writeIfChanged(path: string, text: string): void {
  let before: string | undefined;
  try {
    before = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (before !== text) writeFileSync(path, text);
}

/** What people wrote on each page: all behind its generated head, without the comments that only tests read. */
function rulePages(): string {
  const folder = path('docs/rules');
  const pages: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.md') || !/[\\/]/.test(name)) continue;
    const text = readFileSync(join(folder, name), 'utf8');
    const body = text.slice(text.indexOf('<!-- head:end -->') + '<!-- head:end -->'.length);
    const id = name.slice(0, -'.md'.length).replaceAll('\\', '/');
    pages[id] = body
      .replaceAll(/<!--.*?-->\n/g, '')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
  }
  return [
    '// Written by scripts/generate.ts from docs/rules; never edited.',
    `export const rulePages: Readonly<Record<string, string>> = ${JSON.stringify(pages, undefined, 2)};`,
    '',
  ].join('\n');
}

function cliVersion(): string {
  const { version } = JSON.parse(readFileSync(path('packages/cli/package.json'), 'utf8')) as { version: string };
  return [
    '// Written by scripts/generate.ts from package.json; never edited.',
    '/** The version of the package. */',
    `export const VERSION = ${JSON.stringify(version)};`,
    '',
  ].join('\n');
}

writeIfChanged(path('packages/validator/src/shape/validators.gen.ts'), compileFormats());
writeIfChanged(path('packages/cli/src/rule-pages.gen.ts'), rulePages());
writeIfChanged(path('packages/cli/src/version.gen.ts'), cliVersion());
await generateScanner(path('packages/validator/src/json/scanner-module.gen.ts'));
await generateTokenAssets(path('packages/validator/generated'));
