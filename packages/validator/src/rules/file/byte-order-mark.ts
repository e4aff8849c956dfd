import { stageRule } from '../rule.js';

export const fileByteOrderMark = stageRule({
  id: 'file/byte-order-mark',
  severity: 'warning',
  stage: 'file',
  description:
    'The file starts with a UTF-8 byte order mark, which servers have been reported to take for a part of line 1.',
  message: (_: { bytes: string }) =>
    'the file starts with a UTF-8 byte order mark (EF BB BF); servers have been reported to reject line 1 because of it',
  help: () => 'save the file as UTF-8 without a byte order mark',
});
