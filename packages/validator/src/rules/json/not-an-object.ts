import { stageRule } from '../rule.js';

export const jsonNotAnObject = stageRule({
  id: 'json/not-an-object',
  severity: 'error',
  stage: 'json',
  description: 'The line is JSON, but not an object; every example is one.',
  message: ({ found }: { found: string }) => `an example is an object; this line is ${found}`,
  help: () => 'write {"messages":[…]}',
});
