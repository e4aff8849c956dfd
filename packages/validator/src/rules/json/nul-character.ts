import { stageRule } from '../rule.js';

export const jsonNulCharacter = stageRule({
  id: 'json/nul-character',
  severity: 'warning',
  stage: 'json',
  description: 'A text holds the character NUL, which many programs take for its end.',
  message: (_: Record<string, never>) => 'the text holds a NUL character (\\u0000)',
  help: () => 'delete it',
  fix: () => ({ safety: 'unsafe', text: '' }),
});
