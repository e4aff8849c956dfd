import { isBlankLine } from '../blank-run.js';
import type { PipelineStart } from '../pipeline.js';
import { LINE_FEED } from '../reader/lines.js';
import { createSerialFeed, type Feed, type FeedParts, type SerialFeed } from '../serial-feed.js';
import type { Encoding } from '../tokens/encodings.js';
import { createJobCheck, type JobCheck } from './check-job.js';
import { type Crew, startThreads } from './crew.js';
import type { Job, JobResult, WorkerSetup } from './messages.js';

/** A job has so many bytes, and what is missing to the end of a line. */
const JOB_BYTES = 1024 * 1024;
/** After so many diagnostics in one job the next ones are smaller by this: what waits to be printed must stay small. */
const MANY_DIAGNOSTICS = 1_000;
const SMALLER = 8;
/** So many jobs a worker: one that it does, one that it does next. */
const JOBS_PER_WORKER = 2;
/** So many results at most wait for one before them. */
const MAX_WAITING = 4;

/** What a feed on several threads works with. */
export interface ParallelFeedParts extends FeedParts {
  readonly workers: number;
  readonly setup: Omit<WorkerSetup, 'choice' | 'isRecording'>;
  readonly isRecording: boolean;
  /** So many bytes are checked on this thread before others are started. */
  readonly serialBytes: number;
  /** @default 1 MiB */
  readonly jobBytes?: number;
  /** @default worker threads */
  readonly startCrew?: (size: number) => Crew;
  /** In which tokens are counted; absent when they are not. */
  readonly encoding: Encoding | undefined;
}

interface Running {
  readonly start: PipelineStart;
  readonly length: number;
  readonly result: Promise<JobResult>;
  isDone: boolean;
}

/**
 * Cuts the dataset at line ends and hands the pieces out to workers. Their results are put together in the order of the
 * file, so that nothing depends on who was faster.
 *
 * A worker takes for granted that nothing before its piece waits for a line in it. Where that was wrong, because a value
 * goes on behind the cut or blank lines do, its result is thrown away and this thread checks on from there until
 * nothing waits any more. This thread also checks the beginning, which decides the format, and lines too long for a piece.
 */
export function createParallelFeed(feedParts: ParallelFeedParts): Feed {
  const { options, merge, workers, setup, serialBytes, jobBytes = JOB_BYTES, startCrew = startThreads } = feedParts;
  let serial: SerialFeed | undefined = createSerialFeed(feedParts);
  const first = serial;
  // Where much is to come, they load what they need while this thread looks at the beginning.
  const helpers = Math.max(1, workers - 1);
  let crew = serialBytes === 0 ? startCrew(helpers) : undefined;
  let checkHere: JobCheck | undefined;
  let hasBegun = false;
  let taken = 0;
  let nextBytes = jobBytes;

  let buffer = Buffer.alloc(0);
  let used = 0;
  let start: PipelineStart = { byteStart: 0, lines: 0, examples: 0 };
  const running: Running[] = [];
  const spare: ArrayBuffer[] = [];

  const takeBuffer = (bytes: number): Buffer<ArrayBuffer> => {
    const size = Math.max(jobBytes + (jobBytes >> 2), bytes);
    const known = spare.pop();
    return Buffer.from(known !== undefined && known.byteLength >= size ? known : new ArrayBuffer(size));
  };

  const isRecording = () => feedParts.isRecording || merge.needsRecords;

  /** Goes on with pieces for workers. @param rest - What follows the last line that was checked. */
  const goParallel = async (rest: Uint8Array) => {
    const choice = first.choice!;
    crew ??= startCrew(helpers);
    if (!hasBegun) await crew.begin({ ...setup, choice, isRecording: isRecording() }, feedParts.encoding);
    hasBegun = true;
    start = { byteStart: taken - rest.length, lines: merge.lines, examples: merge.examples };
    serial = undefined;
    buffer = takeBuffer(rest.length);
    buffer.set(rest);
    used = rest.length;
  };

  const pushSerial = async (bytes: Uint8Array) => {
    const lastFeed = bytes.lastIndexOf(LINE_FEED);
    if (lastFeed === -1 || taken < serialBytes) {
      await serial!.push(bytes);
      return;
    }
    await serial!.push(bytes.subarray(0, lastFeed + 1));
    const rest = bytes.subarray(lastFeed + 1);
    if (serial!.isClean) await goParallel(rest);
    else if (rest.length > 0) await serial!.push(rest);
  };

  const handOut = async (length: number) => {
    // Copied before the buffer is given away, which leaves nothing behind.
    const left = used - length;
    const next = takeBuffer(left);
    next.set(buffer.subarray(length, used));
    const { lines, examples } = countLines(buffer, length);
    const job = { buffer: buffer.buffer, length, start, saturated: merge.saturated() };
    // What the others have done shows only when this thread rests.
    if (crew!.leastJobs >= JOBS_PER_WORKER) await new Promise((resolve) => setImmediate(resolve));
    const isHere = workers > 1 && crew!.leastJobs >= JOBS_PER_WORKER;
    const result = isHere ? checkOne(job) : crew!.check(job);
    const given = { start, length, result, isDone: false };
    running.push(given);
    // Whoever waits for it learns of its failure; until then it is not an unhandled one.
    result.then(
      () => {
        given.isDone = true;
      },
      () => {},
    );
    start = { byteStart: start.byteStart + length, lines: start.lines + lines, examples: start.examples + examples };
    buffer = next;
    used = left;
    if (isHere) await result;
    while (running[0]?.isDone || running.length > helpers * JOBS_PER_WORKER + MAX_WAITING) await mergeNext();
  };

  const checkOne = async (job: Job): Promise<JobResult> => {
    checkHere ??= await createJobCheck({ ...setup, choice: first.choice!, isRecording: isRecording() });
    return checkHere(job);
  };

  const mergeNext = async () => {
    const { start: from, length, result } = running.shift()!;
    const { batch, open, buffer: checked } = await result;
    const bytes = Buffer.from(checked, 0, length);
    merge.add(batch, (byteStart, byteLength) => {
      const at = byteStart - from.byteStart;
      return bytes.toString('utf8', at, at + byteLength);
    });
    nextBytes = batch.diagnostics.length > MANY_DIAGNOSTICS ? Math.ceil(jobBytes / SMALLER) : jobBytes;
    if (open !== undefined) await checkOn(open, bytes.subarray(open.byteStart - from.byteStart));
    spare.push(checked);
  };

  /** Checks on this thread until nothing waits any more. */
  const checkOn = async (at: PipelineStart, bytes: Uint8Array) => {
    const feed = createSerialFeed(feedParts, { at, choice: first.choice! });
    await feed.push(bytes);
    while (!feed.isClean && running.length > 0) {
      const { length, result } = running.shift()!;
      const { buffer: unused } = await result;
      await feed.push(Buffer.from(unused, 0, length));
      spare.push(unused);
    }
    if (feed.isClean) return;
    serial = feed;
    const rest = buffer.subarray(0, used);
    used = 0;
    await pushSerial(rest);
  };

  return {
    async push(bytes) {
      taken += bytes.length;
      if (serial !== undefined) {
        await pushSerial(bytes);
        return;
      }
      if (used + bytes.length > buffer.length) {
        const larger = takeBuffer(Math.max(used + bytes.length, buffer.length * 2));
        larger.set(buffer.subarray(0, used));
        buffer = larger;
      }
      buffer.set(bytes, used);
      used += bytes.length;
      if (used < nextBytes) return;
      const lastFeed = buffer.lastIndexOf(LINE_FEED, used - 1);
      if (lastFeed !== -1) await handOut(lastFeed + 1);
      else if (used > options.maxLineBytes) {
        // A line that is too long to be held: it is read over piece by piece.
        while (running.length > 0 && serial === undefined) await mergeNext();
        if (serial !== undefined) return;
        serial = createSerialFeed(feedParts, { at: start, choice: first.choice! });
        const rest = buffer.subarray(0, used);
        used = 0;
        await serial.push(rest);
      }
    },
    async end(bytes) {
      if (serial === undefined && used > 0) await handOut(used);
      while (running.length > 0) await mergeNext();
      await serial?.end(bytes);
    },
    async close() {
      await crew?.end();
    },
  };
}

/** How many lines there are, and how many of them are examples. */
function countLines(bytes: Buffer, length: number): { lines: number; examples: number } {
  let lines = 0;
  let examples = 0;
  let from = 0;
  while (from < length) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const end = feed === -1 || feed >= length ? length : feed;
    lines += 1;
    if (!isBlankLine(bytes, from, end)) examples += 1;
    from = end + 1;
  }
  return { lines, examples };
}
