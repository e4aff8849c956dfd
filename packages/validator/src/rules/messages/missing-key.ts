import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const messageMissingKey = stageRule({
  id: 'messages/missing-key',
  severity: 'error',
  stage: 'shape',
  description: 'A message lacks another key that its role must have.',
  message: ({ key, role }: { key: string; role: string }) => `a message of the ${role} without ${quote(key)}`,
  help: ({ key }) => `add ${quote(key)}`,
});
