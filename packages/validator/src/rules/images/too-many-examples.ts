import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';
import { findFirstImage } from './images.js';

export const imagesTooManyExamples = datasetRule({
  id: 'images/too-many-examples',
  severity: 'error',
  limits: ['maxImageExamples'],
  stage: 'dataset',
  description: 'More examples show images than the provider takes in one file.',
  message: ({ examples, limit, provider }: { examples: number; limit: number; provider: string }) =>
    `${groupDigits(examples)} examples with images; ${provider} takes at most ${groupDigits(limit)}`,
  help: ({ examples, limit }) => `leave out ${groupDigits(examples - limit)} of them`,
  observe({ target, format }) {
    const limit = target.limits.maxImageExamples;
    if (limit === undefined || format === 'unknown') return {};
    let examples = 0;
    let firstOver: LinePlace | undefined;
    return {
      example({ example, place }) {
        if (findFirstImage(format, example) === undefined) return;
        examples += 1;
        if (examples === limit + 1) firstOver = place();
      },
      end(_, report) {
        if (examples > limit) report({ examples, limit, provider: target.displayName }, firstOver);
      },
    };
  },
});
