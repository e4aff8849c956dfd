import type { Batch } from '../batch.js';
import type { FormatChoice } from '../formats/choose.js';
import type { ValidateOptions } from '../options.js';
import type { OpenLines, PipelineStart } from '../pipeline.js';
import type { AnyRuleId } from '../rules/index.js';
import type { SharedCounter } from '../tokens/shared-counter.js';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly options: ValidateOptions;
  /** What the dataset is called. */
  readonly file: string;
  readonly choice: FormatChoice;
  readonly isRecording: boolean;
  readonly fingerprintWords: number;
  /** A counter's place in the vocabulary of the main thread; without one the worker loads its own, where it counts. */
  readonly counter?: SharedCounter;
}

/** Some whole lines to be checked. */
export interface Job {
  /** Given to the worker, and given back with the result. */
  readonly buffer: ArrayBuffer;
  /** So much of it is used. */
  readonly length: number;
  readonly start: PipelineStart;
  /** Rules of which no more diagnostics need be made. */
  readonly saturated: readonly AnyRuleId[];
}

/** What came of a job. */
export interface JobResult {
  readonly buffer: ArrayBuffer;
  readonly batch: Batch;
  /** Where the lines begin that wait for those behind the job; they are not part of the batch. */
  readonly open: OpenLines | undefined;
}
