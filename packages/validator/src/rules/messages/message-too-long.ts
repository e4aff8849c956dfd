import type { ChatExample, ChatMessage } from '../../formats/index.js';
import { groupDigits } from '../byte-size.js';
import { conversationRule } from '../rule.js';

export const messageTooLong = conversationRule({
  id: 'messages/message-too-long',
  severity: 'off',
  limits: ['maxMessageCharacters'],
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['long-text'],
  description: 'The text of a message is longer than the provider takes.',
  message: ({ characters, limit, provider }: { characters: number; limit: number; provider: string }) =>
    `${groupDigits(characters)} characters in one message; ${provider} takes at most ${groupDigits(limit)}`,
  help: ({ characters, limit }) =>
    `shorten the text by ${groupDigits(characters - limit)} ${characters - limit === 1 ? 'character' : 'characters'}, or split it`,
  check({ messages = [] }: ChatExample, report, { target }) {
    const limit = target.limits.maxMessageCharacters;
    if (limit === undefined) return;
    for (let index = 0; index < messages.length; index += 1) {
      const characters = textLength(messages[index]!.content);
      if (characters <= limit) continue;
      report(['messages', index, 'content'], { characters, limit, provider: target.displayName });
    }
  },
});

function textLength(content: ChatMessage['content']): number {
  if (typeof content === 'string') return content.length;
  let length = 0;
  for (const { text, refusal } of content ?? []) length += (text ?? refusal ?? '').length;
  return length;
}
