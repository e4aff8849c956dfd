import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const preferenceInvalidInput = stageRule({
  id: 'preference/invalid-input',
  severity: 'error',
  stage: 'shape',
  description: 'The input of a preference example is not an object with messages, tools and parallel_tool_calls.',
  message: ({ fault, key, found }: { fault: 'type' | 'missing' | 'unknown'; key: string; found: string }) =>
    fault === 'type'
      ? `"input" is ${found}, not an object`
      : fault === 'missing'
        ? `"input" has no ${quote(key)}`
        : `unknown key ${quote(key)} in "input"`,
  help: () => 'write "input":{"messages":[…]}, with "tools" and "parallel_tool_calls" where they are needed',
});
