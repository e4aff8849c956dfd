import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';

export const datasetLeakage = datasetRule({
  id: 'dataset/leakage',
  severity: 'warning',
  stage: 'dataset',
  description: 'An example of the validation file is also in the training file, so the validation measures nothing.',
  message: ({ file, line }: { file: string; line: number }) =>
    `this example is also in the training file, line ${groupDigits(line)} of ${file}: validating on it measures nothing`,
  help: () => 'delete it from one of the two files',
  observe({ training }) {
    if (training === undefined) return {};
    return {
      recorded({ fingerprint }, report) {
        const place = training.find(fingerprint);
        if (place !== undefined) report(place);
      },
    };
  },
});
