import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messagesLastNotAssistant = conversationRule({
  id: 'messages/last-not-assistant',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat'],
  needs: ['odd-turns'],
  description:
    'The example goes on after the last message of the assistant; what follows is paid for and teaches nothing.',
  message: ({ role }: { role: string }) =>
    `the last message is the ${role}’s: what follows the last answer costs tokens and teaches nothing`,
  help: ({ role }) =>
    role === 'tool' || role === 'function'
      ? 'add the answer that the assistant gives with this result, or end with the call'
      : 'add the answer, or delete the message',
  check({ messages = [] }: ChatExample, report) {
    const last = messages.length - 1;
    const role = messages[last]?.role;
    if (role !== undefined && role !== 'assistant') report(['messages', last], { role });
  },
});
