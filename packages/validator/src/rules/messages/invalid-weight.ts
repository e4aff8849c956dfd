import type { ChatExample } from '../../formats/index.js';
import { describeType, quote } from '../quote.js';
import { conversationRule } from '../rule.js';

export const messageInvalidWeight = conversationRule({
  id: 'messages/invalid-weight',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['weight'],
  description: 'The weight of a message is neither 0 nor 1.',
  message: ({ value, found }: { value: unknown; found: string }) =>
    `weight is ${value === undefined ? found : quote(value)}; it may be 0 or 1`,
  help: () => '1 trains on the message, 0 does not',
  fix({ value }) {
    if (value === true || value === '1') return { safety: 'unsafe', text: '1' };
    return value === false || value === '0' ? { safety: 'unsafe', text: '0' } : undefined;
  },
  check(example: ChatExample, report) {
    for (const [index, { role, weight }] of (example.messages ?? []).entries()) {
      if (weight === undefined || weight === 0 || weight === 1) continue;
      // Official clients write null for every optional key of an assistant message.
      if (weight === null && role === 'assistant') continue;
      const isQuotable = typeof weight !== 'object';
      report(['messages', index, 'weight'], {
        ...(isQuotable ? { value: weight } : { value: undefined }),
        found: describeType(weight),
      });
    }
  },
});
