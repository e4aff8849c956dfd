import type { ChatExample } from '../../formats/index.js';
import { conversationRule } from '../rule.js';

export const messagesConsecutiveAssistant = conversationRule({
  id: 'messages/consecutive-assistant',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['odd-turns'],
  description: 'Two messages of the assistant follow each other.',
  message: ({ isAfterCall }: { isAfterCall: boolean }) =>
    isAfterCall
      ? 'the assistant goes on right after a call, without the result: it learns to make results up'
      : 'a second message of the assistant in a row: the model is never asked in between',
  help: ({ isAfterCall }) =>
    isAfterCall
      ? 'put the result between them, as a message of the tool'
      : 'join the two messages into one, or add what was said between them',
  // A target may refuse what follows a call; of two answers in a row no refusal is known.
  soften: ({ isAfterCall }) => (isAfterCall ? undefined : 'warning'),
  check({ messages = [] }: ChatExample, report) {
    for (let index = 1; index < messages.length; index += 1) {
      if (messages[index]!.role !== 'assistant') continue;
      const { role, tool_calls, function_call } = messages[index - 1]!;
      if (role !== 'assistant') continue;
      const isAfterCall = Boolean(tool_calls?.length || function_call);
      report(['messages', index, 'role'], { isAfterCall });
    }
  },
});
