import type { Worker } from 'node:worker_threads';
import { WorkerDiedError } from '../errors.js';
import type { Encoding } from '../tokens/encodings.js';
import { leaseTokenCounter } from '../tokens/shared-counter.js';
import type { Job, JobResult, WorkerSetup } from './messages.js';
import { WORKER_ENTRY } from './worker-entry.js';

/** Worker threads that check jobs. */
export interface Crew {
  /**
   * Says what is to be checked, before the first job.
   *
   * @param encoding - In which tokens are counted, with one vocabulary for all; absent when they are not.
   */
  begin(setup: WorkerSetup, encoding?: Encoding): Promise<void>;
  /** How many jobs the worker has that has the least to do. */
  readonly leastJobs: number;
  /** Hands a job to the worker that has the least to do. Rejects when that worker dies. */
  check(job: Job): Promise<JobResult>;
  /** Ends all workers, whatever they are doing. */
  end(): Promise<void>;
}

interface Waiting {
  resolve(result: JobResult): void;
  reject(error: Error): void;
}

/** Starts workers: they load what they need, and wait to be told what they are to check. @param size - How many. */
export function startThreads(size: number): Crew {
  let members: ReturnType<typeof startMember>[] = [];
  // Only here: a small dataset is checked without threads.
  const starting = import('node:worker_threads').then((threads) => {
    members = Array.from({ length: size }, () => startMember(new threads.Worker(WORKER_ENTRY)));
  });
  // Whoever begins is told.
  starting.catch(() => {});
  const idlest = () => {
    let least = members[0]!;
    for (const member of members) if (member.jobs < least.jobs) least = member;
    return least;
  };
  return {
    async begin(setup, encoding) {
      await starting;
      for (const member of members) {
        const lease = encoding === undefined ? undefined : await leaseTokenCounter(encoding);
        member.begin(lease === undefined ? setup : { ...setup, counter: lease.counter }, lease?.release);
      }
    },
    get leastJobs() {
      return idlest().jobs;
    },
    check: (job) => idlest().check(job),
    async end() {
      await starting.catch(() => {});
      await Promise.all(members.map((member) => member.end()));
    },
  };
}

function startMember(worker: Worker) {
  const waiting: Waiting[] = [];
  let failure: Error | undefined;
  let hasEnded = false;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', (result: JobResult) => waiting.shift()?.resolve(result));
  worker.on('error', (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    fail(new WorkerDiedError(`a worker thread failed: ${reason}`, { cause: error }));
  });
  worker.on('exit', (code) => {
    hasEnded = true;
    fail(new WorkerDiedError(`a worker thread ended with code ${code} before its work was done`));
  });
  return {
    begin(setup: WorkerSetup, release: (() => void) | undefined) {
      if (release !== undefined) {
        if (hasEnded) release();
        else worker.on('exit', release);
      }
      worker.postMessage(setup);
    },
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
