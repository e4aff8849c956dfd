import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const lineBlank = stageRule({
  id: 'line/blank',
  severity: 'error',
  stage: 'line',
  description: 'There is a blank line between examples; the server reads every line as JSON.',
  message: ({ count }: { count: number }) =>
    count === 1
      ? 'a blank line between examples is not JSON'
      : `${groupDigits(count)} more blank lines in a row are not JSON`,
  help: ({ count }) => (count === 1 ? 'delete it' : 'delete them'),
});
