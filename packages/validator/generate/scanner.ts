import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../scanner/', import.meta.url));
const COMPILER = fileURLToPath(new URL('../node_modules/assemblyscript/package.json', import.meta.url));

/**
 * Compiles the scanner of lines to WebAssembly, and writes it as a source file: 12 kB that are there at once, without a
 * file to load, so that a single example can be checked synchronously. Does nothing when nothing changed.
 */
export async function generateScanner(path: string): Promise<void> {
  const stamp = `// Made from ${fingerprint()} by generate/scanner.ts; never edited.`;
  if (existsSync(path) && readFileSync(path, 'utf8').startsWith(`${stamp}\n`)) return;
  // The compiler is large: it is loaded only when it is needed.
  const { compileAssembly } = await import('./compile-assembly.js');
  const base64 = Buffer.from(await compileAssembly(SOURCE)).toString('base64');
  writeFileSync(
    path,
    `${stamp}\n/** The scanner (\`scanner/\`), compiled to WebAssembly, in base64. */\nexport const scannerModule =\n  '${base64}';\n`,
  );
}

function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(COMPILER));
  for (const name of readdirSync(SOURCE).sort()) hash.update(name).update(readFileSync(join(SOURCE, name)));
  return hash.digest('hex');
}
