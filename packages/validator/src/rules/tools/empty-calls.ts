import { conversationRule } from '../rule.js';

export const toolsEmptyCalls = conversationRule({
  id: 'tools/empty-calls',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['calls'],
  description: 'A message of the assistant has an empty list of calls.',
  message: (_: Record<string, never>) => '"tool_calls" is empty: a message without calls has none of it',
  help: () => 'leave "tool_calls" out',
  check({ messages = [] }, report) {
    for (let index = 0; index < messages.length; index += 1) {
      if (messages[index]!.tool_calls?.length === 0) report(['messages', index, 'tool_calls'], {});
    }
  },
});
