// Checks the shards of a dataset with workers that take them from a queue (BullMQ on Redis), and merges their reports. On
// the way one worker is killed in the middle of a shard, and one shard cannot be read. At the end the merged report must
// say what a check of the whole dataset says on this machine. Ends with 0 when it does.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Queue, QueueEvents } from 'bullmq';
import { writeShards } from './dataset.mjs';
import { QUEUE, tunegate } from './paths.mjs';

const SHARDS = 8;
const EXAMPLES = 500;
const WORKERS = 3;
const CRASH_ON = 'part-03';
/** Nothing here takes so long. */
const GIVE_UP_MS = 180_000;

const started = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'tunegate-bullmq-'));
const processes = [];
const say = (text) => console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(130));
const timer = setTimeout(() => {
  say('gave up: it takes too long');
  end(1);
}, GIVE_UP_MS);

try {
  await end((await run()) ? 0 : 1);
} catch (error) {
  say(`failed: ${error.message}`);
  await end(1);
}

async function run() {
  const port = await freePort();
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const quiet = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--dir', folder];
  start('redis-server', ['--port', String(port), ...quiet], {});
  say(`redis-server on port ${port}, nothing of it on the disk`);

  const shards = writeShards(folder, SHARDS, EXAMPLES);
  const queue = new Queue(QUEUE, { connection });
  const events = new QueueEvents(QUEUE, { connection });
  for (const each of [queue, events]) each.on('error', () => {});
  await events.waitUntilReady();

  const left = new Set([...shards.map(({ id }) => id), 'part-99']);
  const reports = new Map();
  const failures = new Map();
  let recovered = 0;
  const done = new Promise((resolve) => {
    const settle = (id) => {
      left.delete(id);
      if (left.size === 0) resolve();
    };
    events.on('stalled', ({ jobId }) => {
      recovered += 1;
      say(`${jobId}: its worker is gone; goes to another`);
    });
    events.on('completed', ({ jobId, returnvalue }) => {
      reports.set(jobId, returnvalue.report);
      say(`${jobId}: checked by ${returnvalue.worker}`);
      settle(jobId);
    });
    events.on('failed', ({ jobId, failedReason }) => {
      failures.set(jobId, failedReason);
      say(`${jobId}: given up: ${failedReason.split('\n')[0]}`);
      settle(jobId);
    });
    events.on('delayed', ({ jobId }) => say(`${jobId}: failed; once more, later`));
  });

  const poison = { id: 'part-99', path: join(folder, 'part-99.jsonl') };
  await queue.addBulk(
    [...shards, poison].map(({ id, path }) => ({
      name: 'check',
      data: { dataset: path },
      opts: { jobId: id, attempts: 3, backoff: { type: 'exponential', delay: 300 } },
    })),
  );
  say(`${SHARDS} shards of ${EXAMPLES} examples, and one that does not exist`);

  const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
  for (let number = 1; number <= WORKERS; number += 1) {
    // Whichever takes that shard first dies of it.
    const env = { REDIS_PORT: String(port), FOLDER: folder, NAME: `worker ${number}`, CRASH_ON };
    const child = start(process.execPath, [worker], env);
    child.once('exit', (_, signal) => {
      if (signal === 'SIGKILL') say(`worker ${number} was killed in the middle of a shard`);
    });
  }
  await done;
  await events.close();
  await queue.close();

  const poisoned = failures.size === 1 && failures.has('part-99') && reports.size === SHARDS;
  say(poisoned ? 'all shards but the one that does not exist' : 'there is a shard that should not have failed');

  const merged = join(folder, 'merged.json');
  const whole = join(folder, 'whole.json');
  await ran(['merge', ...shards.map(({ id }) => reports.get(id)), '--format', `json=${merged}`]);
  const dataset = join(folder, 'whole.jsonl');
  for (const { path } of shards) appendFileSync(dataset, readFileSync(path));
  await ran(['check', dataset, '--no-config', '--format', `json=${whole}`]);
  const [ofShards, ofWhole] = [figures(merged), figures(whole)];
  const isEqual = JSON.stringify(ofShards) === JSON.stringify(ofWhole);
  const { examples, errors, warnings, infos, byRule, tokens } = ofShards;
  say(`merged: ${examples} examples, ${tokens?.total} tokens, ${errors} errors, ${warnings} warnings, ${infos} infos`);
  say(
    Object.entries(byRule)
      .map(([rule, count]) => `${rule} ${count}`)
      .join(', '),
  );
  say(
    isEqual
      ? 'equal to the report of the whole dataset, checked on one machine'
      : 'NOT equal to the report of the whole',
  );
  if (!isEqual) console.log(JSON.stringify({ ofShards, ofWhole }, null, 2));
  return isEqual && poisoned && recovered > 0;
}

/** What a report says, but for what is of each file alone. */
function figures(path) {
  const { file, sha256, durationMs, fingerprints, comparison, shards, merge, truncated, shown, ...rest } = JSON.parse(
    readFileSync(path, 'utf8'),
  ).files[0];
  return rest;
}

async function ran(args) {
  const { child, ended } = tunegate(args);
  processes.push(child);
  const { code, stderr } = await ended;
  if (code !== 0 && code !== 1) throw new Error(stderr);
}

function start(command, args, env) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  child.once('error', (error) => {
    say(`${command} cannot be started: ${error.message}`);
    end(1);
  });
  processes.push(child);
  return child;
}

/** Ends everything that was started, the last first, and takes all files away. */
async function end(code) {
  clearTimeout(timer);
  for (const child of processes.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(hard);
  }
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
