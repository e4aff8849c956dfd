import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';

export const toolsDuplicateCallId = conversationRule({
  id: 'tools/duplicate-call-id',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['calls'],
  description: 'Two calls of an example have the same id.',
  message: ({ id }: { id: string }) =>
    `a second call with the id ${quote(id)}: which of them a result answers cannot be told`,
  help: () => 'give every call of the example an id of its own, and write it in its result too',
  check({ messages = [] }, report) {
    let seen: Set<string> | undefined;
    for (let index = 0; index < messages.length; index += 1) {
      const calls = messages[index]!.tool_calls;
      if (calls === undefined || calls === null) continue;
      seen ??= new Set();
      for (const [position, { id }] of calls.entries()) {
        if (id === undefined) continue;
        if (seen.has(id)) report(['messages', index, 'tool_calls', position, 'id'], { id: shorten(id) });
        seen.add(id);
      }
    }
  },
});
