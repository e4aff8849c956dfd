import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const exampleUnknownKey = stageRule({
  id: 'example/unknown-key',
  severity: 'error',
  stage: 'shape',
  description: 'An example has a key that its format does not have; the provider rejects the file for it.',
  message: ({ key }: { key: string; suggestion?: string; known: readonly string[] }) =>
    `unknown key ${quote(key)} in the example`,
  help: ({ suggestion, known }) =>
    suggestion === undefined
      ? `delete it; the keys of an example are ${known.join(', ')}`
      : `did you mean "${suggestion}"?`,
  fix: ({ suggestion }) =>
    suggestion === undefined ? undefined : { safety: 'unsafe', text: JSON.stringify(suggestion) },
});
