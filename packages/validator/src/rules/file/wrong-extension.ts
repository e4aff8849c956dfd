import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const fileWrongExtension = stageRule({
  id: 'file/wrong-extension',
  severity: 'error',
  stage: 'file',
  description: 'The file name does not end in .jsonl, by which providers recognise a fine-tuning file.',
  message: ({ extension }: { extension: string; isNdjson: boolean }) =>
    extension === ''
      ? 'the file name has no extension; providers recognise a fine-tuning file by .jsonl'
      : `the file name ends in ${quote(extension)}; providers recognise a fine-tuning file by .jsonl`,
  help: ({ isNdjson }) =>
    isNdjson ? 'it is sent under a name in .jsonl; better rename it' : 'rename it to end in .jsonl',
  soften: ({ isNdjson }) => (isNdjson ? 'warning' : undefined),
});
