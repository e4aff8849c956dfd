import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';

export const datasetTooManyExamples = datasetRule({
  id: 'dataset/too-many-examples',
  severity: 'off',
  limits: ['maxExamples'],
  stage: 'dataset',
  description: 'The training file has more examples than the provider takes.',
  message: ({ examples, maximum, provider }: { examples: number; maximum: number; provider: string }) =>
    `${groupDigits(examples)} examples; ${provider} takes a training file of at most ${groupDigits(maximum)}`,
  help: ({ examples, maximum }) => `leave out ${groupDigits(examples - maximum)}`,
  observe: ({ target, split }) => ({
    end(_, { examples }, report) {
      const maximum = target.limits.maxExamples;
      if (maximum === undefined || examples <= maximum || split === 'valid') return;
      report({ examples, maximum, provider: target.displayName });
    },
  }),
});
