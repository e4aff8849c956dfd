import { stageRule } from '../rule.js';

export const toolArgumentsNotAString = stageRule({
  id: 'tools/arguments-not-a-string',
  severity: 'error',
  stage: 'shape',
  description: 'The arguments of a call are a JSON value instead of JSON text.',
  message: ({ found }: { found: string }) => `"arguments" is ${found}; the provider wants JSON text in a string`,
  help: () => 'encode it once more: "arguments":"{\\"city\\":\\"Paris\\"}"',
  // What stands there is JSON already: as text it is what the provider wants.
  fix: (_, source) => ({ safety: 'safe', text: JSON.stringify(source) }),
});
