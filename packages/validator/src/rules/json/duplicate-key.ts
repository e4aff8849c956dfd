import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const jsonDuplicateKey = stageRule({
  id: 'json/duplicate-key',
  severity: 'warning',
  stage: 'json',
  description: 'An object has the same key twice; every reader keeps the last value and drops the first one silently.',
  message: ({ key }: { key: string }) => `the key ${quote(key)} stands in this object already; its first value is lost`,
  help: () => 'delete the one that is not meant',
});
