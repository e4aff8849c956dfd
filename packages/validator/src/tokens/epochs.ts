/*
 * Source: OpenAI cookbook, "Data preparation and analysis for chat model fine-tuning"; agrees with what real jobs were
 * given (10 examples: 10 epochs).
 */
const TARGET_EPOCHS = 3;
const MIN_TARGET_EXAMPLES = 100;
const MAX_TARGET_EXAMPLES = 25_000;
const MIN_DEFAULT_EPOCHS = 1;
const MAX_DEFAULT_EPOCHS = 25;

/** The epochs that OpenAI chooses when a job does not say; `undefined` without examples. */
export function defaultEpochs(examples: number): number | undefined {
  if (examples === 0) return undefined;
  if (examples * TARGET_EPOCHS < MIN_TARGET_EXAMPLES) {
    return Math.min(MAX_DEFAULT_EPOCHS, Math.floor(MIN_TARGET_EXAMPLES / examples));
  }
  if (examples * TARGET_EPOCHS > MAX_TARGET_EXAMPLES) {
    return Math.max(MIN_DEFAULT_EPOCHS, Math.floor(MAX_TARGET_EXAMPLES / examples));
  }
  return TARGET_EPOCHS;
}
