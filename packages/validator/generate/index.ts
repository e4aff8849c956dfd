import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTiktokenRanks } from '../src/tokens/tiktoken.js';
import { askCharacterClasses } from './character-classes.js';
import { CL100K_PATTERN, O200K_PATTERN } from './patterns.js';
import { parseRanks } from './ranks.js';
import { packVocabulary } from './vocabulary-file.js';

const ENGINE_SOURCE = fileURLToPath(new URL('../assembly/', import.meta.url));
const GENERATOR = fileURLToPath(new URL('.', import.meta.url));
const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));
const STAMP = 'made-from.txt';

/**
 * Writes what exact counting needs at run time: the engine, compiled to WebAssembly, and a file for each vocabulary,
 * both made from what tiktoken ships. It takes five seconds, so nothing is done when nothing changed.
 */
export async function generateTokenAssets(directory: string): Promise<void> {
  const stamp = fingerprint();
  const stampPath = join(directory, STAMP);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  mkdirSync(directory, { recursive: true });

  const classes = await askCharacterClasses();
  const encodings = [
    { name: 'o200k_base', pattern: O200K_PATTERN, classes: classes.o200k, contractionsEndWords: true },
    { name: 'cl100k_base', pattern: CL100K_PATTERN, classes: classes.cl100k, contractionsEndWords: false },
  ] as const;
  for (const { name, pattern, ...rest } of encodings) {
    const ranks = await loadTiktokenRanks(name);
    if (ranks.pat_str !== pattern)
      throw new Error(`the pattern of ${name} is not the one that assembly/split.ts splits by`);
    writeFileSync(join(directory, `${name}.bin`), packVocabulary({ tokens: parseRanks(ranks.bpe_ranks), ...rest }));
  }
  // The compiler is large: it is loaded only when it is needed.
  const { compileEngine } = await import('./compile-engine.js');
  writeFileSync(join(directory, 'engine.wasm'), await compileEngine(ENGINE_SOURCE));
  writeFileSync(stampPath, stamp);
}

/** Of all that the outputs are made from: these sources, those of the engine, and the versions of what reads them. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const directory of [ENGINE_SOURCE, GENERATOR]) {
    for (const name of readdirSync(directory).sort()) hash.update(name).update(readFileSync(join(directory, name)));
  }
  for (const name of ['tiktoken', 'assemblyscript']) hash.update(readFileSync(join(MODULES, name, 'package.json')));
  return hash.digest('hex');
}
