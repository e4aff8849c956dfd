import { stageRule } from '../rule.js';

export const lineRawSeparator = stageRule({
  id: 'line/raw-separator',
  severity: 'warning',
  stage: 'line',
  description: 'The line holds a raw character that some readers take for a line break.',
  message: ({ character, name }: { character: string; name: string }) =>
    `a raw ${name} (${character}); readers that split on it see two broken lines`,
  help: ({ character }) => `write it as \\${character.replace('U+', 'u').toLowerCase()}`,
  fix: ({ character }) => ({ safety: 'safe', text: character.replace('U+', '\\u').toLowerCase() }),
});
