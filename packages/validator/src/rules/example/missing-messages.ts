import { stageRule } from '../rule.js';

export const exampleMissingMessages = stageRule({
  id: 'example/missing-messages',
  severity: 'error',
  stage: 'shape',
  description: 'A chat example has no messages.',
  message: ({ suggestion }: { suggestion?: string }) =>
    suggestion === undefined ? 'no key "messages"' : `no key "messages", but "${suggestion}"`,
  help: ({ suggestion }) => (suggestion === undefined ? 'write {"messages":[…]}' : 'did you mean "messages"?'),
});
