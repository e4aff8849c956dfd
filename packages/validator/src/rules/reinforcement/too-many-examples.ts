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
  start: (): { firstOver?: LinePlace } => ({}),
  // Which example is the first too many depends on the files before.
  pack: () => ({}),
  observe({ target, format, split }) {
    const { maxReinforcementExamples, maxReinforcementValidExamples } = target.limits;
    const limit = split === 'valid' ? maxReinforcementValidExamples : maxReinforcementExamples;
    if (format !== 'reinforcement' || limit === undefined) return {};
    return {
      example(state, { number, place }) {
        if (number > limit) state.firstOver ??= place();
      },
      join(state, { firstOver }) {
        if (firstOver !== undefined) state.firstOver ??= firstOver;
      },
      end({ firstOver }, { examples }, report) {
        if (examples > limit) report({ examples, limit, provider: target.displayName, split }, firstOver);
      },
    };
  },
});
