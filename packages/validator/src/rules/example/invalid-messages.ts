import { stageRule } from '../rule.js';

export const exampleInvalidMessages = stageRule({
  id: 'example/invalid-messages',
  severity: 'error',
  stage: 'shape',
  description: 'The messages of an example are not a list.',
  message: ({ found }: { found: string }) => `"messages" is ${found}, not an array`,
  help: () => 'write "messages":[{"role":"user","content":"…"},{"role":"assistant","content":"…"}]',
});
