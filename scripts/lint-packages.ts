/** Packs every published package and asks publint and attw whether others can install and import it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };
const directory = mkdtempSync(join(tmpdir(), 'tunegate-pack-'));
let isClean = true;

try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const cwd = join(root, 'packages', name);
    execFileSync('npx', ['--yes', packageManager, 'pack', '--pack-destination', directory], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as { name: string };
    const { messages } = await publint({ pkgDir: cwd, strict: true });
    for (const message of messages) {
      isClean = false;
      console.error(`${manifest.name}: ${formatMessage(message, manifest)}`);
    }
  }
  for (const tarball of readdirSync(directory)) {
    // Only ESM is published: resolution by CommonJS is not a fault here.
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    try {
      execFileSync(process.execPath, [attw, join(directory, tarball), '--profile', 'esm-only', '--format', 'ascii'], {
        encoding: 'utf8',
      });
    } catch (error) {
      isClean = false;
      console.error(`${tarball}:\n${(error as { stdout?: string }).stdout ?? String(error)}`);
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (!isClean) process.exit(1);
console.log('publint and attw find nothing.');
