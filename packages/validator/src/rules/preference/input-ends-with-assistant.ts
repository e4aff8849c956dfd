import { conversationRule } from '../rule.js';

export const preferenceInputEndsWithAssistant = conversationRule({
  id: 'preference/input-ends-with-assistant',
  severity: 'warning',
  stage: 'example',
  conversations: ['preference-input'],
  description:
    'The input of a preference example ends with a message of the assistant, which the outputs are meant to be.',
  message: (_: Record<string, never>) =>
    'the input ends with the assistant, so that each output would be a second answer in a row',
  help: () => 'end the input with what is asked; the two answers belong in the outputs',
  check({ messages = [] }, report) {
    const last = messages.length - 1;
    if (messages[last]?.role === 'assistant') report(['messages', last, 'role'], {});
  },
});
