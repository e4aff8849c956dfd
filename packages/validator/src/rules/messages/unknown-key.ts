import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const messageUnknownKey = stageRule({
  id: 'messages/unknown-key',
  severity: 'error',
  stage: 'shape',
  description: 'A message has a key that its role does not have.',
  message: ({ key, role }: { key: string; role: string; suggestion?: string; known: readonly string[] }) =>
    `unknown key ${quote(key)} in a message of the ${role}`,
  help: ({ suggestion, known }) =>
    suggestion === undefined ? `delete it; the keys are ${known.join(', ')}` : `did you mean "${suggestion}"?`,
  fix: ({ suggestion }) =>
    suggestion === undefined ? undefined : { safety: 'unsafe', text: JSON.stringify(suggestion) },
});
