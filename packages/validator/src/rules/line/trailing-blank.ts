import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const lineTrailingBlank = stageRule({
  id: 'line/trailing-blank',
  severity: 'warning',
  stage: 'line',
  description: 'The file ends in blank lines, which a strict reader takes for broken examples.',
  message: ({ count }: { count: number }) =>
    count === 1 ? 'the file ends in a blank line' : `the file ends in ${groupDigits(count)} blank lines`,
  help: () => 'end the file with the line break of its last example',
});
