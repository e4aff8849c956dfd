import { stageRule } from '../rule.js';

export const fileUtf16 = stageRule({
  id: 'file/utf16',
  severity: 'error',
  stage: 'file',
  description: 'The file is UTF-16 or UTF-32; providers read UTF-8.',
  message: ({ encoding }: { encoding: string }) => `the file is ${encoding}; providers read UTF-8`,
  help: () => 'save it as UTF-8; PowerShell writes UTF-16 with ">", use "Set-Content -Encoding utf8"',
});
