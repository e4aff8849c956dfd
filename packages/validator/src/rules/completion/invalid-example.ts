import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const completionInvalidExample = stageRule({
  id: 'completion/invalid-example',
  severity: 'error',
  stage: 'shape',
  description: 'A prompt and completion example has not exactly these two keys, both strings.',
  message: ({ fault, key, found }: { fault: 'type' | 'missing' | 'unknown'; key: string; found: string }) =>
    fault === 'type'
      ? `${quote(key)} is ${found}, not a string`
      : fault === 'missing'
        ? `no ${quote(key)} in a prompt and completion example`
        : `unknown key ${quote(key)} in a prompt and completion example`,
  help: () => 'write {"prompt":"…","completion":"…"}',
});
