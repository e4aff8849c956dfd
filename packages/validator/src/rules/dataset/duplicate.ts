import { createFingerprintTable } from '../../formats/fingerprint-table.js';
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
  observe({ fingerprintWords }) {
    const firstLines = createFingerprintTable(fingerprintWords, 1);
    return {
      recorded({ line, fingerprint, isSameAs }, report) {
        const known = firstLines.find(fingerprint);
        if (known === -1) {
          firstLines.add(fingerprint, line);
          return;
        }
        const firstLine = firstLines.get(known, 0);
        if (isSameAs(firstLine)) report({ firstLine });
      },
    };
  },
});
