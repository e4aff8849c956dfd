import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const messageInvalidValue = stageRule({
  id: 'messages/invalid-value',
  severity: 'error',
  stage: 'shape',
  description: 'A value in a message has the wrong type.',
  message: ({ key, found, expected }: { key: string; found: string; expected: string }) =>
    `${quote(key)} is ${found}, not ${expected}`,
  help: ({ key, expected }) => `make ${quote(key)} ${expected}, or leave it out`,
});
