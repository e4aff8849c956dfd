import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messageSystemPosition = conversationRule({
  id: 'messages/system-position',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'preference-input'],
  needs: ['odd-turns'],
  description: 'A message of the system is not the first message, or there is more than one.',
  message: ({ isFurther }: { isFurther: boolean; number: number }) =>
    isFurther
      ? 'a further message of the system; providers expect one, at the start'
      : 'the message of the system is not the first; providers expect it at the start',
  help: ({ isFurther }) => (isFurther ? 'join it with the first one' : 'move it to the start'),
  check({ messages = [] }: ChatExample, report) {
    let isFurther = messages[0]?.role === 'system';
    for (let index = 1; index < messages.length; index += 1) {
      if (messages[index]!.role !== 'system') continue;
      report(['messages', index, 'role'], { isFurther, number: index + 1 });
      isFurther = true;
    }
  },
});
