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
    lost <= ESTIMATE_MARGIN
      ? `about ${groupDigits(tokens)} tokens, ${groupDigits(limit)} are trained on: the end may be cut`
      : `${groupDigits(tokens)} tokens, ${groupDigits(limit)} are trained on: the last ${groupDigits(lost)} are cut${isAnswerLost ? ', the whole last answer with them' : ''}`,
  help: ({ longest, longestTokens }) =>
    `shorten ${longest === '/tools' ? 'the tool definitions, which have' : `${longest}, which has`} ${groupDigits(longestTokens)} tokens`,
  soften: ({ lost }) => (lost <= ESTIMATE_MARGIN ? 'warning' : undefined),
  check(report, { tokens, maxExampleTokens }) {
    // Of a preference each output is trained on by itself, with the input before it.
    const length = tokens.sequence;
    if (maxExampleTokens === undefined || length <= maxExampleTokens) return;
    const longest = tokens.longestMessage;
    report([], {
      tokens: length,
      limit: maxExampleTokens,
      lost: length - maxExampleTokens,
      isAnswerLost: tokens.lastAssistantStart !== undefined && tokens.lastAssistantStart >= maxExampleTokens,
      longest: longest === undefined || tokens.tools > longest.tokens ? '/tools' : longest.pointer,
      longestTokens: Math.max(longest?.tokens ?? 0, tokens.tools),
    });
  },
});
