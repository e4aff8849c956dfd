import { stageRule } from '../rule.js';

export const messageNotAnObject = stageRule({
  id: 'messages/not-an-object',
  severity: 'error',
  stage: 'shape',
  description: 'A message is not an object.',
  message: ({ found }: { found: string }) => `a message is an object; this one is ${found}`,
  help: () => 'write {"role":"user","content":"…"}',
});
