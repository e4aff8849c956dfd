import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const exampleExtraKeyMismatch = stageRule({
  id: 'example/extra-key-mismatch',
  severity: 'error',
  stage: 'shape',
  description: 'A key of the example does not fit the schema that the configuration gives for extra keys.',
  message: ({ keyword, expected }: { keyword: string; expected: string }) =>
    keyword === 'required'
      ? `no key ${quote(expected)}, which your own schema requires`
      : `does not fit your own schema: ${keyword}${expected === '' ? '' : ` ${expected}`}`,
  help: () => 'mend the value, or the schema under "extraKeys" in the configuration',
});
