import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messagesRoleAlternation = conversationRule({
  id: 'messages/role-alternation',
  severity: 'off',
  stage: 'example',
  conversations: ['chat', 'preference-input'],
  needs: ['odd-turns'],
  description: 'Two messages of one role follow each other; some providers want user and assistant to take turns.',
  message: ({ role }: { role: string }) =>
    `a second message of the ${role} in a row; user and assistant are to take turns`,
  help: () => 'join the two messages into one',
  check({ messages = [] }: ChatExample, report) {
    for (let index = 1; index < messages.length; index += 1) {
      const { role } = messages[index]!;
      if (role === undefined || role !== messages[index - 1]!.role) continue;
      // One message may make several calls; each result is a message of its own.
      if (role === 'tool' || role === 'function') continue;
      report(['messages', index, 'role'], { role });
    }
  },
});
