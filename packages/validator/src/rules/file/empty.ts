import { stageRule } from '../rule.js';

export const fileEmpty = stageRule({
  id: 'file/empty',
  severity: 'error',
  stage: 'file',
  description: 'The file has no bytes, or nothing but blank lines.',
  message: ({ bytes }: { bytes: number }) =>
    bytes === 0 ? 'the file is empty' : 'the file holds nothing but blank lines',
  help: () => 'write one example per line',
});
