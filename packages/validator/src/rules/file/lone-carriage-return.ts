import { stageRule } from '../rule.js';

export const fileLoneCarriageReturn = stageRule({
  id: 'file/lone-carriage-return',
  severity: 'error',
  stage: 'file',
  description: 'Lines end in a lone CR, so the server reads the whole file as one line.',
  message: (_: Record<string, never>) => 'lines end in CR alone; to the server the whole file is one line',
  help: () => 'convert the line ends to LF',
});
