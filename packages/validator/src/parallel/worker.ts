import { parentPort } from 'node:worker_threads';
import { createJobCheck, type JobCheck } from './check-job.js';
import type { Job, WorkerSetup } from './messages.js';

const port = parentPort;
if (port === null) throw new Error('this module is started as a worker thread');
// The first message says what is to be checked: it is not known yet when the thread is started.
let last: Promise<JobCheck | undefined> = Promise.resolve(undefined);
port.on('message', (message: WorkerSetup | Job) => {
  // One after the other: a job may wait for a module to be loaded.
  last = last.then(async (checkJob) => {
    if (checkJob === undefined) return createJobCheck(message as WorkerSetup);
    const result = await checkJob(message as Job);
    const { tokens, records } = result.batch;
    const moved = [result.buffer, tokens.buffer];
    if (records !== undefined) moved.push(records.places.buffer, records.words.buffer);
    port.postMessage(result, moved as ArrayBuffer[]);
    return checkJob;
  });
});
