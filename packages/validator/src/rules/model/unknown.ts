import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const modelUnknown = stageRule({
  id: 'model/unknown',
  severity: 'warning',
  stage: 'file',
  description: 'The named model is not in the table of models, so its limits are not checked.',
  message: ({ model, encoding }: { model: string; encoding?: string; suggestion?: string }) =>
    `model ${quote(model)} is not in the table of models: ${
      encoding === undefined
        ? 'tokens are not counted, limits are not checked'
        : `tokens are counted as those of its family (${encoding}), its training context is not checked`
    }`,
  help: ({ suggestion }) =>
    suggestion === undefined
      ? 'name a base model with its date, or add the model to "models" of the configuration'
      : `did you mean "${suggestion}"?`,
});
