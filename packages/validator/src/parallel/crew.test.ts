import { expect, it } from 'vitest';
import { WorkerDiedError } from '../errors.js';
import type { ValidateOptions } from '../options.js';
import { startThreads } from './crew.js';
import type { WorkerSetup } from './messages.js';

const setup = (options: ValidateOptions): WorkerSetup => ({
  options,
  file: 'train.jsonl',
  choice: { format: 'chat', reason: '' },
  isRecording: false,
  fingerprintWords: 4,
});
const job = () => ({
  buffer: new ArrayBuffer(16),
  length: 0,
  start: { byteStart: 0, lines: 0, examples: 0 },
  saturated: [],
});

it('fails every job of a worker that dies, those that come later too, and says why', async () => {
  const crew = startThreads(1);
  await crew.begin(setup({ target: 'nowhere' as 'openai' }));
  const jobs = [crew.check(job()), crew.check(job())];
  for (const result of await Promise.allSettled(jobs)) {
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(WorkerDiedError) });
  }
  await expect(crew.check(job())).rejects.toThrow('a worker thread failed: unknown target "nowhere"');
  await crew.end();
});

it('fails the jobs of workers that are ended', async () => {
  const crew = startThreads(2);
  await crew.begin(setup({}));
  const waiting = crew.check(job());
  const failed = expect(waiting).rejects.toThrow(WorkerDiedError);
  await crew.end();
  await failed;
});

it('ends workers that were never told what to check', async () => {
  const crew = startThreads(2);
  await expect(crew.end()).resolves.toBeUndefined();
});
