import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const lineInvalidUtf8 = stageRule({
  id: 'line/invalid-utf8',
  severity: 'error',
  stage: 'line',
  description: 'The line holds bytes that are not well-formed UTF-8.',
  message: ({ byte, offset }: { byte: string; offset: number; looksLike?: string }) =>
    `invalid UTF-8: byte 0x${byte} at offset ${groupDigits(offset)} of the file`,
  help: ({ looksLike }) =>
    looksLike === undefined
      ? 'save the file as UTF-8'
      : `it looks like Windows-1252 "${looksLike}"; save the file as UTF-8`,
});
