import { parentPort, workerData } from 'node:worker_threads';
import { createJobCheck } from './check-job.js';
import type { Job, WorkerSetup } from './messages.js';

const port = parentPort;
if (port === null) throw new Error('this module is started as a worker thread');
const checkJob = await createJobCheck(workerData as WorkerSetup);
let last: Promise<void> = Promise.resolve();
port.on('message', (job: Job) => {
  // One after the other: a job may wait for a module to be loaded.
  last = last.then(async () => {
    const result = await checkJob(job);
    const { tokens, records } = result.batch;
    const moved = [result.buffer, tokens.buffer];
    if (records !== undefined) moved.push(records.places.buffer, records.words.buffer);
    port.postMessage(result, moved as ArrayBuffer[]);
  });
});
