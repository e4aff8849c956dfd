import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { callPairsOf } from './results.js';

export const toolsUnansweredCall = conversationRule({
  id: 'tools/unanswered-call',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['calls'],
  description: 'A call has no result before the next message of the user or the assistant.',
  message: ({ id }: { id: string }) =>
    `the call ${quote(id)} has no result before the conversation goes on: the model learns to answer without it`,
  help: ({ id }) => `add {"role":"tool","tool_call_id":${quote(id)},"content":"…"} behind the call`,
  check(conversation, report, context) {
    for (const { message, call, id } of callPairsOf(conversation, context).unanswered)
      report(['messages', message, 'tool_calls', call], { id: shorten(id) });
  },
});
