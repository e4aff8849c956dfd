/**
 * Puts the compiled validator and the compiled command line into a few files, `dist/bundle` of each package: one by one,
 * the 280 modules of the validator take 200 ms to load, which is most of the time of a small check, and each worker thread
 * loads them again. What is imported only when it is needed stays a file of its own.
 *
 * Dependencies stay outside. Development dependencies that the code imports are taken in, with their licences.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

await bundle('validator', {
  // All in one folder: what a module names beside itself is beside it here, too.
  index: 'index.js',
  formatters: 'formatters/index.js',
  worker: 'parallel/worker.js',
});
await bundle('cli', { bin: 'bin.js', index: 'index.js' });

/** @param entryPoints - What others load, and which module it is. */
async function bundle(name: string, entryPoints: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(packages, name);
  const outdir = join(folder, 'dist/bundle');
  const manifest = join(folder, 'package.json');
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: object };
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([as, module]) => [as, join(folder, 'dist', module)]),
    ),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: Object.keys(dependencies),
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    logLevel: 'warning',
  });
  const licences = [...new Set(Object.keys(metafile.inputs).flatMap(licenceOf))];
  if (licences.length > 0) writeFileSync(join(outdir, 'licences.txt'), licences.join('\n'));
}

/** The licence of the package that a file is from; nothing for files of our own. */
function licenceOf(file: string): string[] {
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
  if (folder === undefined) return [];
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>;
  return [`${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`];
}
