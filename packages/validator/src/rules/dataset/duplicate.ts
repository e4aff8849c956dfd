import { createFingerprintTable } from '../../formats/fingerprint-table.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';

export const datasetDuplicate = datasetRule({
  id: 'dataset/duplicate',
  severity: 'warning',
  stage: 'dataset',
  description: 'The same example stands in the file again; it is paid for and weighs twice.',
  message: ({ firstLine, file }: { firstLine: number; file?: string }) =>
    `the same example as in line ${groupDigits(firstLine)}${file === undefined ? '' : ` of ${file}`}: it is billed and weighs once more`,
  help: () => 'delete it, unless it is meant to weigh more',
  observe({ fingerprintWords, shardLine }) {
    const firstLines = createFingerprintTable(fingerprintWords, 1);
    return {
      recorded({ line, fingerprint, isSameAs }, report) {
        const known = firstLines.find(fingerprint);
        if (known === -1) {
          firstLines.add(fingerprint, line);
          return;
        }
        const firstLine = firstLines.get(known, 0);
        if (!isSameAs(firstLine)) return;
        const first = shardLine?.(firstLine);
        report(first === undefined ? { firstLine } : { firstLine: first.line, file: first.file });
      },
    };
  },
});
