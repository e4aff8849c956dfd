import { formatBytes, groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const lineTooLong = stageRule({
  id: 'line/too-long',
  severity: 'error',
  stage: 'line',
  description: 'The line is longer than the cap, so it was read over and not checked.',
  message: ({
    bytes,
    cap,
  }: {
    bytes: number;
    cap: number;
    isJson: boolean;
    largest?: { pointer: string; characters: number };
  }) =>
    `the line has ${groupDigits(bytes)} bytes, more than the ${formatBytes(cap)} that are parsed; it was not checked`,
  help: ({ isJson, largest }) => {
    if (!isJson) return 'it is not one JSON value: look for a missing line break';
    return largest === undefined
      ? 'shorten the example'
      : `shorten ${largest.pointer === '' ? 'it' : largest.pointer}, which has ${groupDigits(largest.characters)} characters`;
  },
});
