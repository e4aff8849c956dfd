import type { ChatExample } from '../../formats/index.js';
import { textFill } from '../blank-text.js';
import { conversationRule } from '../rule.js';

export const messageEmptyContent = conversationRule({
  id: 'messages/empty-content',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['blank'],
  description: 'A message that is not the assistant’s says nothing: its content is empty or white space.',
  message: ({ role, isEmpty }: { role: string; isEmpty: boolean }) =>
    `the content of a message of the ${role} is ${isEmpty ? 'empty' : 'white space only'}; a text may have been lost`,
  help: ({ role }) =>
    role === 'tool' || role === 'function'
      ? 'write what the call returned, such as "null" or "ok", when it returned nothing'
      : 'write the text, or delete the message',
  check({ messages = [] }: ChatExample, report) {
    for (let index = 0; index < messages.length; index += 1) {
      const { role, content } = messages[index]!;
      if (role === undefined || role === 'assistant') continue;
      const fill = textFill(content);
      // An empty list is for messages/empty-content-parts.
      if (fill === 'empty' || fill === 'blank')
        report(['messages', index, 'content'], { role, isEmpty: fill === 'empty' });
    }
  },
});
