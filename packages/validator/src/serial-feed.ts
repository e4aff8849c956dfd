import type { BatchBuilder } from './batch.js';
import type { CheckParts } from './check-parts.js';
import type { FormatChoice } from './formats/choose.js';
import type { Merge } from './merge.js';
import type { NormalizedOptions } from './options.js';
import { createPipeline, type PipelineStart } from './pipeline.js';
import { createLineReader } from './reader/lines.js';

/** Takes the bytes of a dataset in their order, and has them checked. */
export interface Feed {
  /** Takes some bytes, which may be overwritten when it resolves. Resolves when more can be taken. */
  push(bytes: Uint8Array): Promise<void>;
  /** The bytes are over: resolves when all of them have been checked. @param bytes - Size of the file. */
  end(bytes: number): Promise<void>;
  /** Frees what was taken for it, whether it ended or not. */
  close(): Promise<void>;
}

/** What a feed works with. */
export interface FeedParts {
  readonly options: NormalizedOptions;
  readonly parts: CheckParts;
  readonly batch: BatchBuilder;
  readonly merge: Merge;
}

/** Checks on this thread. */
export interface SerialFeed extends Feed {
  /** Whether what was taken ends with a line, and nothing of it waits for what is behind. */
  readonly isClean: boolean;
  /** Which format the dataset was taken for; `undefined` until that is decided. */
  readonly choice: FormatChoice | undefined;
}

/** @param start - Where it begins, when that is not the beginning of the dataset; the format is decided then. */
export function createSerialFeed(
  { options, parts, batch, merge }: FeedParts,
  start?: { readonly at: PipelineStart; readonly choice: FormatChoice },
): SerialFeed {
  const begins = start === undefined ? {} : { start: start.at, choice: start.choice };
  const pipeline = createPipeline({ options, ...parts, batch, ...begins });
  const reader = createLineReader(pipeline, options.maxLineBytes, start?.at.byteStart);
  let hasBegun = start !== undefined;

  const flush = () => {
    if (!hasBegun && pipeline.choice !== undefined) {
      hasBegun = true;
      merge.begin(pipeline.choice);
    }
    merge.add(pipeline.take());
  };

  return {
    get isClean() {
      return !reader.isInLine && pipeline.choice !== undefined && pipeline.open === undefined;
    },
    get choice() {
      return pipeline.choice;
    },
    async push(bytes) {
      reader.push(bytes);
      if (pipeline.pending !== undefined) await pipeline.pending;
      flush();
    },
    async end(bytes) {
      reader.end();
      pipeline.end(bytes);
      await pipeline.pending;
      flush();
    },
    async close() {},
  };
}
