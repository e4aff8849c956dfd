import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const formatMixed = stageRule({
  id: 'format/mixed',
  severity: 'error',
  stage: 'format',
  description: 'Some examples are of another format than the rest of the file.',
  message: ({ format, found, count }: { format: string; found: string; count: number }) =>
    `${groupDigits(count)} ${count === 1 ? 'example is' : 'examples are'} of the ${found} format in a file of ${format} examples`,
  help: ({ found }) => `put the ${found} examples into a file of their own`,
});
