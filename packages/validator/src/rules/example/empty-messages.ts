import { stageRule } from '../rule.js';

export const exampleEmptyMessages = stageRule({
  id: 'example/empty-messages',
  severity: 'error',
  stage: 'shape',
  description: 'The list of messages is empty.',
  message: (_: Record<string, never>) => '"messages" is empty: there is nothing to learn',
  help: () => 'add the messages, or delete the line',
});
