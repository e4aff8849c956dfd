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
    const pack = ['--yes', packageManager, 'pack', '--pack-destination', directory];
    execFileSync('npx', pack, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const bytes = readFileSync(path);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    for (const message of messages) {
      isClean = false;
      console.error(`${name}: ${formatMessage(message, pkg)}`);
    }
    // Only ESM is published: resolution by CommonJS is not a fault here.
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    try {
      execFileSync(process.execPath, [attw, path, '--profile', 'esm-only', '--format', 'ascii'], { encoding: 'utf8' });
    } catch (error) {
      isClean = false;
      console.error(`${name}:\n${(error as { stdout?: string }).stdout ?? String(error)}`);
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (!isClean) process.exit(1);
console.log('publint and attw find nothing.');
