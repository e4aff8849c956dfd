import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

const MAX_NAMED_ROLES = 6;

export const messagesNoAssistant = conversationRule({
  id: 'messages/no-assistant',
  severity: 'error',
  stage: 'example',
  conversations: ['chat'],
  needs: ['odd-turns'],
  description: 'No message of the example is the assistant’s, so there is nothing to learn.',
  message: ({ count, roles }: { count: number; roles: readonly string[]; last: string }) =>
    `nothing to learn: no assistant message in this example (${count} ${count === 1 ? 'message' : 'messages'}: ${roles.join(', ')}${count > roles.length ? ', …' : ''})`,
  help: ({ last }) =>
    last === 'user'
      ? 'add the answer you want as {"role":"assistant","content":"…"}; for reinforcement fine-tuning say --method reinforcement'
      : 'add the answer you want as {"role":"assistant","content":"…"}',
  check(example: ChatExample, report) {
    const messages = example.messages;
    if (messages === undefined || messages.length === 0) return;
    const roles: string[] = [];
    for (const { role } of messages) {
      // A role that could not be read may have been meant as the assistant's.
      if (role === undefined || role === 'assistant') return;
      roles.push(role);
    }
    report(['messages'], { count: roles.length, roles: roles.slice(0, MAX_NAMED_ROLES), last: roles.at(-1) ?? '' });
  },
});
