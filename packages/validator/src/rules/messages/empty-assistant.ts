import type { ChatExample } from '../../formats/index.js';
import { isBlankText, textFill } from '../blank-text.js';
import { conversationRule } from '../rule.js';

const FOUND = {
  absent: 'no content',
  null: 'content null',
  empty: 'empty content',
  blank: 'content of white space only',
} as const;

export const messageEmptyAssistant = conversationRule({
  id: 'messages/empty-assistant',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['blank'],
  description: 'A message of the assistant says nothing: no text, no call, no refusal.',
  message: ({ found }: { found: keyof typeof FOUND }) =>
    `a message of the assistant with ${FOUND[found]} and no call: there is nothing to learn from it`,
  help: () => 'write the answer as "content", or the call as "tool_calls"',
  soften: ({ found }) => (found === 'blank' ? 'warning' : undefined),
  check({ messages = [] }: ChatExample, report, { isFaulty }) {
    for (let index = 0; index < messages.length; index += 1) {
      const { role, content, refusal, tool_calls, function_call } = messages[index]!;
      if (role !== 'assistant') continue;
      const fill = textFill(content);
      if (fill === 'filled' || fill === 'unknown') continue;
      if (tool_calls?.length || function_call || (refusal && !isBlankText(refusal))) continue;
      if (READ.some((key) => isFaulty(['messages', index, key]))) continue;
      report(fill === 'absent' ? ['messages', index] : ['messages', index, 'content'], { found: fill });
    }
  },
});

/** What a message could say something with. */
const READ = ['content', 'refusal', 'tool_calls', 'function_call'] as const;
