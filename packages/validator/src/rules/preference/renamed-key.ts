import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const preferenceRenamedKey = stageRule({
  id: 'preference/renamed-key',
  severity: 'error',
  stage: 'shape',
  description: 'A preference example names an output as other tools, or older documentation, do.',
  message: ({ key, right }: { key: string; right: string }) => `${quote(key)} is called ${quote(right)}`,
  help: ({ right }) => `rename it to ${quote(right)}`,
  fix: ({ right }) => ({ safety: 'safe', text: JSON.stringify(right) }),
});
