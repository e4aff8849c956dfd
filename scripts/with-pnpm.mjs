// Runs a task of this workspace on a machine that has Node and npm and nothing else: brings in the pinned pnpm, installs
// what the lock file says, and goes on. A second run finds everything in place and starts at once.
// Plain JavaScript without imports from anywhere else: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [task, ...rest] = process.argv.slice(2);

const node = (...args) => [process.execPath, ...args];
const bin = (packageName, path, ...args) => node(join(root, 'node_modules', packageName, path), ...args);
const generate = ['generate sources', bin('tsx', 'dist/cli.mjs', 'scripts/generate.ts')];
const build = ['build', bin('typescript', 'bin/tsc', '-b')];
const bundle = ['bundle', bin('tsx', 'dist/cli.mjs', 'scripts/bundle.ts')];
const vitest = (...args) => bin('vitest', 'vitest.mjs', 'run', ...args);

/** Each task is a list of steps, each a name and a command. */
const tasks = {
  demo: [generate, build, bundle, ['demo', node('scripts/demo.mjs', ...rest)]],
  test: [generate, build, bundle, ['test', vitest(...rest)]],
  'test:full': [
    generate,
    build,
    bundle,
    ['test', vitest(...rest)],
    ['full test', bin('tsx', 'dist/cli.mjs', 'scripts/test-full.ts', ...rest)],
  ],
};

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(`this needs Node ${engines.node}, and runs on ${process.version}`);
}
if (!Object.hasOwn(tasks, task)) stop(`unknown task "${task}"; there are ${Object.keys(tasks).join(', ')}`);

install();
for (const [name, command] of tasks[task]) run(name, command);

function install() {
  const stampPath = join(root, 'node_modules', '.tunegate-installed');
  const stamp = fingerprint();
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  console.error(`» install (${packageManager}, from the lock file)`);
  // Nobody is asked anything, and nobody is told of newer versions of what is pinned.
  const env = { ...process.env, CI: 'true', NO_UPDATE_NOTIFIER: '1', npm_config_update_notifier: 'false' };
  run('install', pnpm('install', '--frozen-lockfile', '--reporter=append-only'), { quiet: true, env });
  writeFileSync(stampPath, stamp);
}

/** What an installation depends on: the lock file, the manifests, and the Node that native packages are chosen for. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  const manifests = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'test-fixtures/package.json',
    'bench/package.json',
  ];
  for (const name of readdirSync(join(root, 'packages')).sort()) manifests.push(`packages/${name}/package.json`);
  for (const name of manifests)
    if (existsSync(join(root, name))) hash.update(name).update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

/** npm brings in the pinned pnpm for this one command; nothing is installed globally. */
function pnpm(...args) {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js'))
    return node(npm, 'exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', ...args);
  return ['npx', '--yes', packageManager, ...args];
}

function run(name, [command, ...args], { quiet = false, env = process.env } = {}) {
  if (!quiet && name !== 'demo') console.error(`» ${name}`);
  const isWindowsScript = process.platform === 'win32' && command === 'npx';
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: isWindowsScript,
  });
  if (error) stop(`${name} could not be started: ${error.message}`);
  if (signal) process.exit(130);
  if (status !== 0) process.exit(status ?? 1);
}

function stop(message) {
  console.error(`tunegate: ${message}`);
  process.exit(2);
}
