import { stageRule } from '../rule.js';

export const messageMissingRole = stageRule({
  id: 'messages/missing-role',
  severity: 'error',
  stage: 'shape',
  description: 'A message has no role.',
  message: ({ suggestion }: { suggestion?: string }) =>
    suggestion === undefined ? 'a message without "role"' : `a message without "role", but with "${suggestion}"`,
  help: ({ suggestion }) =>
    suggestion === undefined ? 'add "role": system, user, assistant or tool' : `rename "${suggestion}" to "role"`,
});
