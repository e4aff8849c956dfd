import { stageRule } from '../rule.js';

export const formatMethodMismatch = stageRule({
  id: 'format/method-mismatch',
  severity: 'error',
  stage: 'format',
  description: 'The format of the examples is not the one that the training method takes.',
  message: ({ method, expected, found }: { method: string; expected: string; found: string }) =>
    `the examples are of the ${found} format; the method ${method} takes the ${expected} format`,
  help: ({ found }) =>
    found === 'preference'
      ? 'say --method dpo, or convert the examples'
      : 'say --method supervised, or convert the examples',
});
