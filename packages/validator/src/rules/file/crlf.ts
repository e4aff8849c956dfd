import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const fileCrlf = stageRule({
  id: 'file/crlf',
  severity: 'info',
  stage: 'file',
  description: 'Lines end in CR LF. JSON takes the CR for white space, so this does no harm.',
  message: ({ lines }: { lines: number }) =>
    `${groupDigits(lines)} ${lines === 1 ? 'line ends' : 'lines end'} in CR LF; it does no harm`,
});
