import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messageWeightOnNonAssistant = conversationRule({
  id: 'messages/weight-on-non-assistant',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['weight'],
  description: 'A message that is not the assistant’s has a weight; only what the assistant says is trained on.',
  message: ({ role }: { role: string }) => `a weight on a message of the ${role}; only assistant messages have one`,
  help: () => 'delete the weight',
  check(example: ChatExample, report) {
    for (const [index, { role, weight }] of (example.messages ?? []).entries()) {
      if (weight === undefined || role === undefined || role === 'assistant') continue;
      if (weight === 0 || weight === 1) report(['messages', index, 'weight'], { role }, 'key');
    }
  },
});
