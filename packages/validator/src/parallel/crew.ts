import type { Worker } from 'node:worker_threads';
import { WorkerDiedError } from '../errors.js';
import type { Encoding } from '../tokens/encodings.js';
import { leaseTokenCounter } from '../tokens/shared-counter.js';
import type { Job, JobResult, WorkerSetup } from './messages.js';
import { WORKER_ENTRY } from './worker-entry.js';

/** Worker threads that check jobs. */
export interface Crew {
  /** Hands a job to the worker that has the least to do. Rejects when that worker dies. */
  check(job: Job): Promise<JobResult>;
  /** Ends all workers, whatever they are doing. */
  end(): Promise<void>;
}

interface Waiting {
  resolve(result: JobResult): void;
  reject(error: Error): void;
}

/**
 * Starts workers, which share one vocabulary.
 *
 * @param size - How many. @param encoding - In which tokens are counted; absent when they are not.
 */
export async function startThreads(size: number, setup: WorkerSetup, encoding?: Encoding): Promise<Crew> {
  // Only here: a small dataset is checked without threads.
  const threads = await import('node:worker_threads');
  const members: ReturnType<typeof startMember>[] = [];
  for (let index = 0; index < size; index += 1) {
    const lease = encoding === undefined ? undefined : await leaseTokenCounter(encoding);
    const workerData = lease === undefined ? setup : { ...setup, counter: lease.counter };
    members.push(startMember(new threads.Worker(WORKER_ENTRY, { workerData }), lease?.release));
  }
  return {
    check(job) {
      let least = members[0]!;
      for (const member of members) if (member.jobs < least.jobs) least = member;
      return least.check(job);
    },
    async end() {
      await Promise.all(members.map((member) => member.end()));
    },
  };
}

function startMember(worker: Worker, onExit: (() => void) | undefined) {
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', (result: JobResult) => waiting.shift()?.resolve(result));
  worker.on('error', (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    fail(new WorkerDiedError(`a worker thread failed: ${reason}`, { cause: error }));
  });
  if (onExit !== undefined) worker.on('exit', onExit);
  worker.on('exit', (code) =>
    fail(new WorkerDiedError(`a worker thread ended with code ${code} before its work was done`)),
  );
  return {
    get jobs() {
      return waiting.length;
    },
    check(job: Job): Promise<JobResult> {
      if (failure !== undefined) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(job, [job.buffer]);
      });
    },
    async end() {
      await worker.terminate();
    },
  };
}
