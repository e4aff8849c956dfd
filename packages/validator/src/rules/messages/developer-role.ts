import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messageDeveloperRole = conversationRule({
  id: 'messages/developer-role',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'preference-input'],
  needs: ['odd-turns'],
  description: 'A message has the role developer, which is documented for reinforcement fine-tuning only.',
  message: (_: Record<string, never>) =>
    'role "developer" is documented for reinforcement fine-tuning only; elsewhere the file may be refused for it',
  help: () => 'write "system"',
  fix: () => ({ safety: 'unsafe', text: '"system"' }),
  check({ messages = [] }: ChatExample, report, { target }) {
    // Where the target has no such role at all, messages/unknown-role says so.
    if (!target.roles.includes('developer')) return;
    for (let index = 0; index < messages.length; index += 1) {
      if (messages[index]!.role === 'developer') report(['messages', index, 'role'], {});
    }
  },
});
