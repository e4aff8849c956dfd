import { stageRule } from '../rule.js';

export const messageInvalidName = stageRule({
  id: 'messages/invalid-name',
  severity: 'warning',
  stage: 'shape',
  description: 'The name of a participant is not a string.',
  message: ({ found }: { found: string }) => `"name" is ${found}, not a string`,
  help: () => 'write the name as a string, or leave it out',
  soften: () => 'error',
});
