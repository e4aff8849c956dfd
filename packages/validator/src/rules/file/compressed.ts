import { stageRule } from '../rule.js';

export const fileCompressed = stageRule({
  id: 'file/compressed',
  severity: 'warning',
  stage: 'file',
  description: 'The file is compressed; it is checked inside where that is possible, but must be sent unpacked.',
  message: ({ kind, isChecked }: { kind: 'gzip' | 'zstd' | 'zip'; isChecked: boolean }) =>
    isChecked
      ? `the file is compressed with ${kind}; providers take it unpacked only`
      : `the file is a ${kind} archive, which cannot be checked; providers take it unpacked only`,
  help: () => 'unpack it before it is sent',
  soften: ({ isChecked }) => (isChecked ? undefined : 'error'),
});
