import { stageRule } from '../rule.js';

export const jsonNumberOverflow = stageRule({
  id: 'json/number-overflow',
  severity: 'warning',
  stage: 'json',
  description: 'A number is too large for a double: every reader makes infinity of it.',
  message: ({ number }: { number: string }) => `${number} is too large for a number; readers make infinity of it`,
  help: () => 'write a smaller number, or text',
});
