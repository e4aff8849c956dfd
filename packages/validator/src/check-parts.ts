import type { BatchBuilder } from './batch.js';
import { createExampleCheck, type ExampleCheck } from './example-check.js';
import type { NormalizedOptions } from './options.js';
import { createReporter, type Reporter } from './reporter.js';
import { compileExtraKeys } from './shape/extra-keys.js';
import { findModel, type Model } from './targets/models.js';
import { createEngineCounter, type EngineCounter, type TokenCounter } from './tokens/counter.js';

/** What one thread checks with. */
export interface CheckParts {
  readonly reporter: Reporter;
  readonly check: ExampleCheck;
}

/** What {@link createCheckParts} needs to know besides the options. */
export interface ThreadOptions {
  /** What the dataset is called. */
  readonly file: string;
  readonly isRecording: boolean;
  readonly fingerprintWords: number;
  readonly keepsTexts: boolean;
}

/** The model that was named; `undefined` when none was, or nothing is known of it. */
export function namedModel({ model, models }: NormalizedOptions): Model | undefined {
  return model === undefined ? undefined : findModel(model, models);
}

/** Loads the counter of tokens; `undefined` when they are not counted, or the encoding is not known. */
export async function loadCounter(options: NormalizedOptions): Promise<EngineCounter | undefined> {
  const model = namedModel(options);
  if (options.tokens === 'off' || (options.model !== undefined && model === undefined)) return undefined;
  return createEngineCounter(model?.encoding ?? options.target.defaults.encoding);
}

/** Makes what a thread checks with. @param batch - Takes what is found. */
export async function createCheckParts(
  options: NormalizedOptions,
  { file, ...thread }: ThreadOptions,
  counter: TokenCounter | undefined,
  batch: BatchBuilder,
): Promise<CheckParts> {
  const { target } = options;
  const model = namedModel(options);
  const reporter = createReporter(options, file, batch);
  const extraKeys = options.extraKeys === undefined ? undefined : await compileExtraKeys(options.extraKeys);
  const maxExampleTokens = options.model === undefined ? target.defaults.maxExampleTokens : model?.maxExampleTokens;
  const check = createExampleCheck({
    ...thread,
    options,
    reporter,
    counter,
    model,
    maxExampleTokens,
    extraKeys,
    batch,
  });
  return { reporter, check };
}
