import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const reinforcementSystemRole = conversationRule({
  id: 'reinforcement/system-role',
  severity: 'error',
  stage: 'example',
  conversations: ['reinforcement'],
  description:
    'A reinforcement example has a message of the system; reinforcement fine-tuning takes developer instead.',
  message: (_: { hasDeveloper: boolean }) => 'reinforcement fine-tuning takes no system messages',
  help: ({ hasDeveloper }) =>
    hasDeveloper ? 'write "role":"developer"' : 'put the text into the message of the user that follows',
  fix: ({ hasDeveloper }) => (hasDeveloper ? { safety: 'safe', text: '"developer"' } : undefined),
  check({ messages = [] }: ChatExample, report, { target }) {
    for (const [index, { role }] of messages.entries()) {
      if (role === 'system') report(['messages', index, 'role'], { hasDeveloper: target.roles.includes('developer') });
    }
  },
});
