import { stageRule } from '../rule.js';

export const messageEmptyContentParts = stageRule({
  id: 'messages/empty-content-parts',
  severity: 'error',
  stage: 'shape',
  description: 'The content of a message is a list without parts.',
  message: (_: Record<string, never>) => 'content is an empty list',
  help: () => 'add a part, or write the text as a string',
});
