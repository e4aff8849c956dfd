import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messagesNoTrainedMessage = conversationRule({
  id: 'messages/no-trained-message',
  severity: 'error',
  stage: 'example',
  conversations: ['chat'],
  needs: ['weight'],
  description: 'Every message of the assistant has weight 0, so there is nothing to learn.',
  message: ({ count }: { count: number }) =>
    `nothing to learn: ${count === 1 ? 'the only message of the assistant has weight 0' : `all ${count} messages of the assistant have weight 0`}`,
  help: () => 'delete the weight of the message that is to be learned, or the example',
  check({ messages = [] }: ChatExample, report) {
    let count = 0;
    for (let index = 0; index < messages.length; index += 1) {
      const { role, weight } = messages[index]!;
      // A role that could not be read may have been meant as the assistant's.
      if (role === undefined) return;
      if (role !== 'assistant') continue;
      if (weight !== 0) return;
      count += 1;
    }
    if (count > 0) report(['messages'], { count });
  },
});
