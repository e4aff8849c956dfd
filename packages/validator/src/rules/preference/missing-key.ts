import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const preferenceMissingKey = stageRule({
  id: 'preference/missing-key',
  severity: 'error',
  stage: 'shape',
  description: 'A preference example lacks its input, its preferred or its non-preferred output.',
  message: ({ key, looksLike }: { key: string; looksLike?: string }) =>
    looksLike === undefined
      ? `a preference example without ${quote(key)}`
      : `none of the keys of a preference example; this line looks like ${looksLike}`,
  help: () => 'write {"input":{"messages":[…]},"preferred_output":[…],"non_preferred_output":[…]}',
});
