import { stageRule } from '../rule.js';

export const toolInvalidParameters = stageRule({
  id: 'tools/invalid-parameters',
  severity: 'error',
  stage: 'shape',
  description: 'The parameters of a function are not an object.',
  message: ({ found }: { found: string }) => `"parameters" is ${found}, not a JSON Schema object`,
  help: () => 'write a JSON Schema object, or leave "parameters" out for a function without any',
});
