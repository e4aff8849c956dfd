import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';

export const reinforcementTooManyExamples = datasetRule({
  id: 'reinforcement/too-many-examples',
  severity: 'error',
  limits: ['maxReinforcementExamples', 'maxReinforcementValidExamples'],
  stage: 'dataset',
  description: 'A reinforcement file has more examples than the provider takes.',
  message: ({
    examples,
    limit,
    provider,
    split,
  }: {
    examples: number;
    limit: number;
    provider: string;
    split: 'train' | 'valid';
  }) =>
    `${groupDigits(examples)} examples; ${provider} takes at most ${groupDigits(limit)} in a reinforcement ${split === 'valid' ? 'validation' : 'training'} file`,
  help: ({ examples, limit }) => `leave out ${groupDigits(examples - limit)} of them`,
  observe({ target, format, split }) {
    const { maxReinforcementExamples, maxReinforcementValidExamples } = target.limits;
    const limit = split === 'valid' ? maxReinforcementValidExamples : maxReinforcementExamples;
    if (format !== 'reinforcement' || limit === undefined) return {};
    let seen = 0;
    let firstOver: LinePlace | undefined;
    return {
      example({ place }) {
        seen += 1;
        if (seen === limit + 1) firstOver = place();
      },
      end({ examples }, report) {
        if (examples > limit) report({ examples, limit, provider: target.displayName, split }, firstOver);
      },
    };
  },
});
