import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const reinforcementSystemRole = conversationRule({
  id: 'reinforcement/system-role',
  severity: 'error',
  stage: 'example',
  conversations: ['reinforcement'],
  description:
    'A reinforcement example has a message of the system; reinforcement fine-tuning takes developer instead.',
  message: (_: Record<string, never>) => 'reinforcement fine-tuning takes no system messages',
  help: () => 'write "role":"developer"',
  fix: () => ({ safety: 'safe', text: '"developer"' }),
  check({ messages = [] }: ChatExample, report) {
    for (const [index, { role }] of messages.entries()) {
      if (role === 'system') report(['messages', index, 'role'], {});
    }
  },
});
