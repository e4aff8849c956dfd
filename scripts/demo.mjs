// The demo: a Files API server on this machine, a good dataset checked and uploaded to it, downloaded again and
// compared, and a broken one refused. Uses the built packages as anybody would: the command line and the library.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tunegate = join(root, 'packages/cli/dist/bin.js');
const good = 'test-fixtures/datasets/bicycle-shop.jsonl';
const broken = 'test-fixtures/datasets/bicycle-shop-broken.jsonl';
const directory = mkdtempSync(join(tmpdir(), 'tunegate-demo-'));
const color = process.stdout.isTTY && !process.env.NO_COLOR;
const bold = (text) => (color ? `\u001b[1m${text}\u001b[0m` : text);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

let server;
try {
  await main();
} finally {
  server?.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
}

async function main() {
  step('A Files API server on this machine');
  show('tunegate serve --dir <temporary directory> --port 0');
  server = spawn(process.execPath, [tunegate, 'serve', '--dir', directory, '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await firstLine(server.stdout);
  console.log(`listening on ${url}`);
  const env = { ...process.env, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'any-key-will-do-here' };
  delete env.GITHUB_ACTIONS;

  step('A dataset is checked');
  const checked = await run(['check', good], env);
  expect(checked.status === 0, 'the good dataset passes the check');

  step('… and uploaded');
  const uploaded = await run(['upload', good], env);
  expect(uploaded.status === 0, 'the upload succeeds');
  const id = uploaded.stdout.trim();

  step('… and downloaded again, with the library');
  const { createFilesClient } = await import('../packages/uploader/dist/index.js');
  const files = createFilesClient({ apiKey: env.OPENAI_API_KEY, baseURL: url });
  const target = join(directory, 'downloaded.jsonl');
  await files.downloadFile(id, { to: target });
  await files.close();
  const sums = {
    sent: sha256(readFileSync(join(root, good))),
    stored: storedSum(),
    downloaded: sha256(readFileSync(target)),
  };
  for (const [name, sum] of Object.entries(sums)) console.log(`  ${name.padEnd(10)} ${sum}`);
  expect(sums.sent === sums.stored && sums.sent === sums.downloaded, 'the bytes are the same everywhere');

  step('A broken dataset is refused');
  const refused = await run(['upload', broken, '--format', 'pretty'], {
    ...env,
    ...(color ? { FORCE_COLOR: '1' } : {}),
  });
  expect(refused.status === 1 && refused.stdout === '', 'nothing is sent');
  const rules = [...new Set([...refused.stderr.matchAll(/^error\[([a-z]+\/[a-z0-9-]+)/gm)].map(([, rule]) => rule))];

  console.log(`\n${bold('In short')}`);
  console.log(`  checked      ${good}: no findings`);
  console.log(`  file id      ${id}`);
  console.log(`  SHA-256      ${sums.sent} sent`);
  console.log(`               ${sums.stored} stored`);
  console.log(`               ${sums.downloaded} downloaded`);
  console.log(`  refused      ${broken}, by`);
  for (const rule of rules) console.log(`               ${rule}`);
  console.log('\nYour own file:  node packages/cli/dist/bin.js check FILE.jsonl');
}

/** The server names files itself, and lays a description and a lock beside them. */
function storedSum() {
  const stored = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.data'))
    .map((entry) => sha256(readFileSync(join(entry.parentPath ?? entry.path, entry.name))));
  expect(stored.length === 1, 'the server holds exactly one file');
  return stored[0];
}

function step(title) {
  console.log(`\n${bold(`● ${title}`)}`);
}

function show(command) {
  console.log(`  $ ${command}`);
}

function run(args, env) {
  show(`tunegate ${args.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tunegate, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
        process.stdout.write(text);
      });
    }
    child.on('error', reject).on('close', (status) => resolve({ ...output, status }));
  });
}

function firstLine(stream) {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.once('line', (line) => {
      resolve(line);
      stream.resume();
    });
    lines.once('close', () => reject(new Error('the server did not start')));
  });
}

function expect(isTrue, claim) {
  if (isTrue) return;
  console.error(`\nThe demo failed: it is not true that ${claim}.`);
  process.exitCode = 1;
  throw new Error(claim);
}
