import { datasetRule } from '../rule.js';

export const datasetTooFewExamples = datasetRule({
  id: 'dataset/too-few-examples',
  severity: 'error',
  limits: ['minExamples'],
  stage: 'dataset',
  description: 'The training file has fewer examples than the provider takes.',
  message: ({ examples, minimum, provider }: { examples: number; minimum: number; provider: string }) =>
    `${examples} ${examples === 1 ? 'example' : 'examples'}; ${provider} takes a training file of at least ${minimum}`,
  help: ({ examples, minimum }) => `add at least ${minimum - examples} more`,
  observe: ({ target, split }) => ({
    end(_, { examples }, report) {
      const minimum = target.limits.minExamples;
      if (minimum === undefined || examples >= minimum || split === 'valid') return;
      report({ examples, minimum, provider: target.displayName });
    },
  }),
});
