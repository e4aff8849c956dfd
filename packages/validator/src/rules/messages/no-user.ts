import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messagesNoUser = conversationRule({
  id: 'messages/no-user',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat'],
  needs: ['odd-turns'],
  description: 'No message of the example is the user’s: the model learns to answer nothing.',
  message: ({ count }: { count: number }) =>
    `no message of the user${count > 1 ? ` among the ${count} of this example` : ''}: the model is never asked anything`,
  help: () => 'add what is asked as {"role":"user","content":"…"} before the answer',
  check({ messages = [] }: ChatExample, report) {
    for (let index = 0; index < messages.length; index += 1) {
      const { role } = messages[index]!;
      // A role that could not be read may have been meant as the user's.
      if (role === undefined || role === 'user') return;
    }
    if (messages.length > 0) report(['messages'], { count: messages.length });
  },
});
