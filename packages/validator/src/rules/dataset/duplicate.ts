import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';

export const datasetDuplicate = datasetRule({
  id: 'dataset/duplicate',
  severity: 'warning',
  stage: 'dataset',
  description: 'The same example stands in the file again; it is paid for and weighs twice.',
  message: ({ firstLine }: { firstLine: number }) =>
    `the same example as in line ${groupDigits(firstLine)}: it is billed and weighs once more`,
  help: () => 'delete it, unless it is meant to weigh more',
  observe() {
    const firstLines = new Map<number, number>();
    return {
      example({ line, isFaulty, fingerprint }, report) {
        if (isFaulty) return;
        const firstLine = firstLines.get(fingerprint);
        if (firstLine === undefined) firstLines.set(fingerprint, line);
        else report([], { firstLine });
      },
    };
  },
});
