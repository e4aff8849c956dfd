import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messagesStartsWithAssistant = conversationRule({
  id: 'messages/starts-with-assistant',
  severity: 'off',
  stage: 'example',
  conversations: ['chat', 'preference-input'],
  needs: ['odd-turns'],
  description: 'The conversation begins with the assistant; some providers want the user to speak first.',
  message: (_: Record<string, never>) =>
    'the conversation begins with the assistant; a message of the user comes first',
  help: () => 'add what the user said before it, or move the text to the system message',
  check({ messages = [] }: ChatExample, report) {
    for (let index = 0; index < messages.length; index += 1) {
      const { role } = messages[index]!;
      if (role === 'system' || role === 'developer') continue;
      if (role === 'assistant') report(['messages', index, 'role'], {});
      return;
    }
  },
});
