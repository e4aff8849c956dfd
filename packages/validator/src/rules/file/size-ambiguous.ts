import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const fileSizeAmbiguous = stageRule({
  id: 'file/size-ambiguous',
  severity: 'warning',
  limits: ['ambiguousFileBytes'],
  stage: 'file',
  description: 'The size lies between the two readings of the published limit, 512 million bytes and 512 × 2²⁰ bytes.',
  message: ({ bytes, from, limit, provider }: { bytes: number; from: number; limit: number; provider: string }) =>
    `${groupDigits(bytes)} bytes: ${provider} says "512 MB" and nowhere whether that is ${groupDigits(from)} or ${groupDigits(limit)} bytes`,
  help: ({ from }) => `stay under ${groupDigits(from)} bytes to be sure`,
});
