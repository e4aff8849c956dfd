import { stageRule } from '../rule.js';

export const fileMissingByteOrderMark = stageRule({
  id: 'file/missing-byte-order-mark',
  severity: 'off',
  stage: 'file',
  description: 'The file has no byte order mark, which the documentation of the target asks for.',
  message: ({ provider }: { provider: string }) =>
    `no byte order mark at the start; the documentation of ${provider} asks for one`,
  help: () => 'save the file as "UTF-8 with BOM"',
});
