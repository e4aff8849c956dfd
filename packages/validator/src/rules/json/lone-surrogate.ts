import { stageRule } from '../rule.js';

export const jsonLoneSurrogate = stageRule({
  id: 'json/lone-surrogate',
  severity: 'error',
  stage: 'json',
  description: 'An escape is one half of a surrogate pair without the other; the text cannot be written as UTF-8.',
  message: ({ escape: escaped }: { escape: string }) =>
    `${escaped} is one half of a character; the text cannot be written as UTF-8`,
  help: () => 'text was cut inside a character: restore the other half, or delete it',
  fix: () => ({ safety: 'unsafe', text: '\\ufffd' }),
});
