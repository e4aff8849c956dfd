import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const fileTooLarge = stageRule({
  id: 'file/too-large',
  severity: 'error',
  limits: ['maxFileBytes'],
  stage: 'file',
  description: 'The file, with the framing of the request, is larger than one create_file may be at the target.',
  message: ({ bytes, limit, provider }: { bytes: number; framing: number; limit: number; provider: string }) =>
    `${groupDigits(bytes)} bytes, and the framing of the request: ${provider} takes at most ${groupDigits(limit)} bytes in one request`,
  help: ({ bytes, framing, limit }) =>
    `shorten the file by ${groupDigits(bytes + framing - limit)} bytes, or divide it into several files`,
});
