import { groupDigits } from '../byte-size.js';
import { tokensRule } from '../rule.js';

/** Within so many tokens of the limit the finding is a warning: the formula for a whole example is an estimate. */
const ESTIMATE_MARGIN = 16;

export const tokensExampleOverLimit = tokensRule({
  id: 'tokens/example-over-limit',
  severity: 'error',
  stage: 'tokens',
  description: 'The example is longer than the training context: its end, so the answer, is cut silently.',
  message: ({
    tokens,
    limit,
    lost,
    isAnswerLost,
  }: {
    tokens: number;
    limit: number;
    lost: number;
    isAnswerLost: boolean;
    longest: string;
    longestTokens: number;
  }) =>
    `${groupDigits(tokens)} tokens, ${groupDigits(limit)} are trained on: the last ${groupDigits(lost)} are cut${isAnswerLost ? ', the last assistant message with them' : ''}`,
  help: ({ longest, longestTokens }) => `shorten ${longest}, which has ${groupDigits(longestTokens)} tokens`,
  soften: ({ lost }) => (lost <= ESTIMATE_MARGIN ? 'warning' : undefined),
  check(report, { tokens, maxExampleTokens }) {
    if (maxExampleTokens === undefined || tokens.total <= maxExampleTokens) return;
    const longest = tokens.longestMessage;
    report([], {
      tokens: tokens.total,
      limit: maxExampleTokens,
      lost: tokens.total - maxExampleTokens,
      isAnswerLost: tokens.lastAssistantStart !== undefined && tokens.lastAssistantStart >= maxExampleTokens,
      longest: longest === undefined || tokens.tools > longest.tokens ? '/tools' : longest.pointer,
      longestTokens: Math.max(longest?.tokens ?? 0, tokens.tools),
    });
  },
});
