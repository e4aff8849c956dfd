import { groupDigits } from '../byte-size.js';
import { datasetRule } from '../rule.js';

export const tokensBudget = datasetRule({
  id: 'tokens/budget',
  severity: 'off',
  limits: ['maxJobTokens'],
  stage: 'dataset',
  description: 'The tokens of all examples, times the epochs, are more than one job may train on.',
  message: ({ tokens, epochs, limit, provider }: { tokens: number; epochs: number; limit: number; provider: string }) =>
    `${groupDigits(tokens)} tokens × ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} are ${groupDigits(tokens * epochs)}; a job at ${provider} takes at most ${groupDigits(limit)}`,
  help: ({ tokens, limit }) =>
    tokens > limit
      ? `leave out examples with ${groupDigits(tokens - limit)} tokens, and train for one epoch`
      : `set the job’s epochs to ${Math.floor(limit / tokens)} or fewer`,
  start: () => ({ tokens: 0 }),
  observe({ target, split }) {
    const limit = target.limits.maxJobTokens;
    // What is held out to validate is not trained on.
    if (limit === undefined || split === 'valid') return {};
    return {
      example(state, { tokens }) {
        state.tokens += tokens?.total ?? 0;
      },
      join(state, later) {
        state.tokens += later.tokens;
      },
      end({ tokens }, { epochs }, report) {
        if (tokens * epochs > limit) report({ tokens, epochs, limit, provider: target.displayName });
      },
    };
  },
});
