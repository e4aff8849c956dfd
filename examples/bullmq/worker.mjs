// One worker: takes shards from the queue and checks each with the command line. Any number of these, on any number of
// machines that reach Redis and the folder.
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { QUEUE, tunegate } from './paths.mjs';

const { REDIS_PORT, FOLDER, CRASH_ON, NAME } = process.env;
const connection = { host: '127.0.0.1', port: Number(REDIS_PORT), maxRetriesPerRequest: null };

const worker = new Worker(
  QUEUE,
  async (job) => {
    const { dataset } = job.data;
    // A name of its own for every attempt: one that was given up may still be writing.
    const base = join(FOLDER, `${job.id}.${job.attemptsStarted}`);
    const report = `${base}.json`;
    const flags = ['--no-config', '--format', `json=${report}`, '--fingerprints', `${base}.fingerprints`];
    const { child, ended } = tunegate(['check', dataset, ...flags]);
    if (job.id === CRASH_ON && job.attemptsStarted === 1) {
      // The machine is gone, in the middle of the work.
      child.kill('SIGKILL');
      process.kill(process.pid, 'SIGKILL');
    }
    const { code, stderr } = await ended;
    // 0 and 1 are results; what cannot be read is tried again, and then given up.
    if (code !== 0 && code !== 1) throw new Error(stderr || `tunegate ended with ${code}`);
    return { report, worker: NAME };
  },
  // Whoever does not renew its lock for three seconds is taken for dead; its shard goes to another worker.
  { connection, lockDuration: 3_000, stalledInterval: 1_000, maxStalledCount: 2 },
);
worker.on('error', (error) => console.error(`${NAME}: ${error.message}`));
process.once('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});
