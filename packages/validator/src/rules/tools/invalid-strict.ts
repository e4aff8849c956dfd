import { stageRule } from '../rule.js';

export const toolInvalidStrict = stageRule({
  id: 'tools/invalid-strict',
  severity: 'error',
  stage: 'shape',
  description: 'The "strict" of a function is neither true, false nor null.',
  message: ({ found }: { found: string }) => `"strict" is ${found}; it may be true, false or null`,
  help: () => 'write true or false without quotes',
});
