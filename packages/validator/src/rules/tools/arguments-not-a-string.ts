import { stageRule } from '../rule.js';

export const toolArgumentsNotAString = stageRule({
  id: 'tools/arguments-not-a-string',
  severity: 'error',
  stage: 'shape',
  description: 'The arguments of a call are a JSON value instead of JSON text.',
  message: ({ found }: { found: string }) => `"arguments" is ${found}; the provider wants JSON text in a string`,
  help: ({ found }) =>
    found === 'null'
      ? 'write "{}" for a call without arguments'
      : 'encode it once more: "arguments":"{\\"city\\":\\"Paris\\"}"',
  // An object is JSON already: as text it is what the provider wants. What is no object are no arguments as text either.
  fix({ found }, source) {
    if (found === 'null') return { safety: 'unsafe', text: '"{}"' };
    return source.startsWith('{') ? { safety: 'safe', text: JSON.stringify(source) } : undefined;
  },
});
