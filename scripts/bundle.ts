/**
 * Puts the compiled validator and the compiled command line into a few files: one by one, the 280 modules of the validator
 * take 200 ms to load, which is most of the time of a small check, and each worker thread
 * loads them again. What is imported only when it is needed stays a file of its own.
 *
 * Dependencies stay outside. Development dependencies that the code imports are taken in, with their licences.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../packages', import.meta.url));
/** Where the compiled modules of a package are, and where its bundle goes. */
const PLACES = {
  validator: { modules: join(packages, 'validator/dist'), outdir: join(packages, 'validator/dist/bundle') },
  cli: { modules: join(packages, 'cli/dist/modules'), outdir: join(packages, 'cli/dist') },
} as const;

for (const { modules, outdir } of Object.values(PLACES)) {
  mkdirSync(outdir, { recursive: true });
  for (const file of readdirSync(outdir, { withFileTypes: true })) {
    const path = join(outdir, file.name);
    if (path !== modules) rmSync(path, { recursive: true });
  }
}

// All in one folder: what a module names beside itself is beside it here, too.
await bundle('validator', { index: 'index.js' });
await bundle('validator', { formatters: 'formatters/index.js' });
await bundle('validator', { worker: 'parallel/worker.js' });
await bundle('cli', { bin: 'bin.js' }, ['./process.js']);
await bundle('cli', { process: 'process.js', index: 'index.js' });

/**
 * @param entryPoints - What is loaded from outside, and which module it is. Whatever else it needs is in the same file, so
 * that nothing is found out only while that is read; entry points that are built together share no module.
 * @param others - Imports that are entry points of their own.
 */
async function bundle(
  name: keyof typeof PLACES,
  entryPoints: Readonly<Record<string, string>>,
  others: readonly string[] = [],
) {
  const folder = join(packages, name);
  const { modules, outdir } = PLACES[name];
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: object;
  };
  const { metafile } = await build({
    entryPoints: Object.fromEntries(Object.entries(entryPoints).map(([as, module]) => [as, join(modules, module)])),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: [...Object.keys(dependencies), ...others],
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
