/**
 * Puts the compiled validator into a few files, `packages/validator/dist/bundle`: its 280 modules take 200 ms to load one
 * by one, which is most of the time of a small check, and each worker thread loads them again. Dependencies stay outside.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = fileURLToPath(new URL('../packages/validator/dist', import.meta.url));
const outdir = `${dist}/bundle`;

rmSync(outdir, { recursive: true, force: true });
await build({
  // All in one folder: what a module names beside itself is beside it here, too.
  entryPoints: {
    index: `${dist}/index.js`,
    formatters: `${dist}/formatters/index.js`,
    worker: `${dist}/parallel/worker.js`,
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
});
