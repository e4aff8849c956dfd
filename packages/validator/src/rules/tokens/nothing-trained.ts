import { groupDigits } from '../byte-size.js';
import { tokensRule } from '../rule.js';

export const tokensNothingTrained = tokensRule({
  id: 'tokens/nothing-trained',
  severity: 'warning',
  stage: 'tokens',
  description: 'No token of the example is trained on: every answer has weight 0, or lies after the cut.',
  message: ({ firstAt, limit }: { firstAt?: number; limit?: number }) =>
    firstAt === undefined || limit === undefined
      ? 'no token of this example is trained on: no message of the assistant counts'
      : `no token of this example is trained on: the first answer comes after ${groupDigits(firstAt)} tokens, ${groupDigits(limit)} are trained on`,
  help: ({ firstAt }) =>
    firstAt === undefined
      ? 'give a message of the assistant weight 1, or delete the example'
      : 'shorten what comes before the answer',
  check(report, { tokens, maxExampleTokens, format }) {
    // Of a reinforcement example the model's own answers are trained on, not what it holds.
    if (format === 'reinforcement') return;
    const firstAt = tokens.firstTrainedStart;
    if (firstAt === undefined) report([], {});
    else if (maxExampleTokens !== undefined && firstAt >= maxExampleTokens)
      report([], { firstAt, limit: maxExampleTokens });
  },
});
