import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const preferenceInvalidOutput = stageRule({
  id: 'preference/invalid-output',
  severity: 'error',
  stage: 'shape',
  description: 'An output of a preference example is not a list of exactly one assistant message.',
  message: ({ key, found }: { key: string; found: string }) =>
    `${quote(key)} is a list of exactly one assistant message, not ${found}`,
  help: ({ key }) => `write ${quote(key)}:[{"role":"assistant","content":"…"}]`,
});
