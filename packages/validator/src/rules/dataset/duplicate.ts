import type { FingerprintOverflow } from '../../formats/fingerprint-overflow.js';
import { createFingerprintTable } from '../../formats/fingerprint-table.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';
import { PLACE_NUMBERS, placeFromNumbers, placeToNumbers } from './place-numbers.js';

export const datasetDuplicate = datasetRule({
  id: 'dataset/duplicate',
  severity: 'warning',
  stage: 'dataset',
  description: 'The same example stands in the file again; it is paid for and weighs twice.',
  message: ({ firstLine, file }: { firstLine: number; file?: string }) =>
    `the same example as in line ${groupDigits(firstLine)}${file === undefined ? '' : ` of ${file}`}: it is billed and weighs once more`,
  help: () => 'delete it, unless it is meant to weigh more',
  observe({ fingerprintWords, overflow }) {
    const firstLines = createFingerprintTable(fingerprintWords, 1);
    let others: FingerprintOverflow | undefined;
    return {
      recorded({ line, fingerprint, isSameAs, place }, report) {
        const known = firstLines.find(fingerprint);
        if (known !== -1) {
          const firstLine = firstLines.get(known, 0);
          if (isSameAs(firstLine)) report({ firstLine });
        } else if (overflow === undefined || firstLines.size < overflow.after) firstLines.add(fingerprint, line);
        else {
          others ??= overflow.open(fingerprintWords, PLACE_NUMBERS);
          others.add(fingerprint, placeToNumbers(place()));
        }
      },
      end(_, { isSame }, report) {
        for (const [first, ...again] of others?.groups() ?? []) {
          const firstLine = first![0]!;
          for (const numbers of again) {
            if (isSame(firstLine, numbers[0]!)) report({ firstLine }, placeFromNumbers(numbers, 0));
          }
        }
      },
    };
  },
});
