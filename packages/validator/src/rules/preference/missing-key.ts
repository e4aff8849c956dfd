import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const preferenceMissingKey = stageRule({
  id: 'preference/missing-key',
  severity: 'error',
  stage: 'shape',
  description: 'A preference example lacks its input, its preferred or its non-preferred output.',
  message: ({ key }: { key: string }) => `a preference example without ${quote(key)}`,
  help: () => 'write {"input":{"messages":[…]},"preferred_output":[…],"non_preferred_output":[…]}',
});
