import type { FormatName } from '../../formats/index.js';
import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

const WORDS = {
  supervised: 'supervised fine-tuning',
  dpo: 'preference optimisation (dpo)',
  reinforcement: 'reinforcement fine-tuning',
} as const;

export const modelMethodUnsupported = stageRule({
  id: 'model/method-unsupported',
  severity: 'warning',
  stage: 'file',
  description: 'The named model cannot be trained by the method, or with the format, that the dataset is for.',
  message: ({
    model,
    method,
    format,
    methods,
  }: {
    model: string;
    method: keyof typeof WORDS;
    /** Where the method is right and the format is not. */
    format?: FormatName;
    methods: readonly (keyof typeof WORDS)[];
  }) =>
    format === undefined
      ? `model ${quote(model)} does not take ${WORDS[method]}, only ${methods.map((name) => WORDS[name]).join(' and ')}: the job will be refused`
      : `model ${quote(model)} does not take the ${format} format: the job will be refused`,
  help: ({ format }) =>
    format === 'completion'
      ? 'convert the dataset to the chat format, or name a base model for completions'
      : format === 'chat'
        ? 'name a chat model; this one takes prompt and completion'
        : 'name a model that takes the method',
});
