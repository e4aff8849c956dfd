import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTiktokenRanks } from '../src/tokens/tiktoken.js';
import { buildImage, compileEngine } from '../src/tokens/vocabulary-memory.js';
import { askCharacterClasses } from './character-classes.js';
import { CL100K_PATTERN, O200K_PATTERN, P50K_PATTERN } from './patterns.js';
import { parseRanks } from './ranks.js';
import { packVocabulary } from './vocabulary-file.js';

const ENGINE_SOURCE = fileURLToPath(new URL('../assembly/', import.meta.url));
const GENERATOR = fileURLToPath(new URL('.', import.meta.url));
const MEMORY = fileURLToPath(new URL('../src/tokens/vocabulary-memory.ts', import.meta.url));
const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));
const STAMP = 'made-from.txt';

/**
 * Writes what exact counting needs at run time: the engine, compiled to WebAssembly, and for each vocabulary the image
 * of the engine's tables, made from what tiktoken ships. It takes half a minute, so nothing is done when nothing changed.
 */
export async function generateTokenAssets(directory: string): Promise<void> {
  const stamp = fingerprint();
  const stampPath = join(directory, STAMP);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  mkdirSync(directory, { recursive: true });

  // The compiler is large: it is loaded only when it is needed.
  const { compileAssembly, SHARED_MEMORY } = await import('./compile-assembly.js');
  const code = await compileAssembly(ENGINE_SOURCE, SHARED_MEMORY);
  writeFileSync(join(directory, 'engine.wasm'), code);
  const engine = await compileEngine(code);
  const classes = await askCharacterClasses();
  const encodings = [
    { name: 'o200k_base', pattern: 'o200k_base', text: O200K_PATTERN, classes: classes.o200k },
    { name: 'cl100k_base', pattern: 'cl100k_base', text: CL100K_PATTERN, classes: classes.cl100k },
    { name: 'p50k_base', pattern: 'p50k_base', text: P50K_PATTERN, classes: classes.cl100k },
    { name: 'r50k_base', pattern: 'p50k_base', text: P50K_PATTERN, classes: classes.cl100k },
  ] as const;
  for (const { name, text, ...rest } of encodings) {
    const ranks = await loadTiktokenRanks(name);
    if (ranks.pat_str !== text)
      throw new Error(`the pattern of ${name} is not the one that assembly/split.ts splits by`);
    const file = packVocabulary({ tokens: parseRanks(ranks.bpe_ranks), ...rest });
    writeFileSync(join(directory, `${name}.bin`), buildImage(engine, file));
  }
  writeFileSync(stampPath, stamp);
}

/** Of all that the outputs are made from: these sources, those of the engine, and the versions of what reads them. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const directory of [ENGINE_SOURCE, GENERATOR]) {
    for (const name of readdirSync(directory).sort()) hash.update(name).update(readFileSync(join(directory, name)));
  }
  hash.update(readFileSync(MEMORY));
  for (const name of ['tiktoken', 'assemblyscript']) hash.update(readFileSync(join(MODULES, name, 'package.json')));
  return hash.digest('hex');
}
