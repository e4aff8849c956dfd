/**
 * Writes every source that is made from another one. Run by the build and by the tests; its outputs are not committed.
 *
 * - packages/validator/src/shape/validators.gen.ts: the JSON Schemas of the formats, compiled by ajv, so that no check
 *   compiles a schema or loads ajv (90 to 130 ms of start-up).
 * - packages/validator/generated/: the token counting engine, compiled to WebAssembly, and its vocabularies, packed from
 *   what tiktoken ships, so that exact counting starts in milliseconds.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generateTokenAssets } from '../packages/validator/generate/index.js';
import { compileFormats } from '../packages/validator/src/shape/compile.js';

const target = fileURLToPath(new URL('../packages/validator/src/shape/validators.gen.ts', import.meta.url));

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

writeIfChanged(target, compileFormats());
await generateTokenAssets(fileURLToPath(new URL('../packages/validator/generated', import.meta.url)));
