import type { ChatExample } from '../../formats/index.js';
import { isBlankText, textFill } from '../blank-text.js';
import { conversationRule } from '../rule.js';

export const messageRefusalWithContent = conversationRule({
  id: 'messages/refusal-with-content',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['refusal', 'parts'],
  description: 'A message of the assistant both refuses and answers.',
  message: ({ isPart }: { isPart: boolean }) =>
    isPart
      ? 'a refusal among other content parts; a message refuses or answers'
      : 'a refusal and content in one message; which of them is learned is stated nowhere',
  help: () => 'keep one of the two; "content" is null where the assistant refuses',
  check({ messages = [] }: ChatExample, report) {
    for (let index = 0; index < messages.length; index += 1) {
      const { role, content, refusal } = messages[index]!;
      if (role !== 'assistant') continue;
      if (refusal && !isBlankText(refusal) && textFill(content) === 'filled') {
        report(['messages', index, 'refusal'], { isPart: false });
      } else if (typeof content === 'object' && content !== null && content.length > 1) {
        const part = content.findIndex(({ type }) => type === 'refusal');
        if (part >= 0) report(['messages', index, 'content', part], { isPart: true });
      }
    }
  },
});
