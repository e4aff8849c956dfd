import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';

export const toolsCallIdFormat = conversationRule({
  id: 'tools/call-id-format',
  severity: 'off',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['calls'],
  description: 'The id of a call is not exactly nine letters and digits, as Mistral wants it.',
  message: ({ id }: { id: string }) =>
    `the id of a call is ${quote(id)}; Mistral takes exactly nine letters and digits`,
  help: () => 'write an id like "a1B2c3D4e", in the call and in its result',
  // The id of a result needs no look of its own: it is that of its call, or tools/unmatched-result.
  check({ messages = [] }, report) {
    for (let index = 0; index < messages.length; index += 1) {
      const calls = messages[index]!.tool_calls;
      if (calls === undefined || calls === null) continue;
      for (const [position, { id }] of calls.entries()) {
        if (id !== undefined && !isShortCallId(id))
          report(['messages', index, 'tool_calls', position, 'id'], { id: shorten(id) });
      }
    }
  },
});

/** Whether Mistral takes the id of a call. */
export function isShortCallId(id: string): boolean {
  return /^[a-zA-Z0-9]{9}$/.test(id);
}
