import type { ChatExample } from '../../formats/index.js';
import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';

/**
 * Names that every endpoint is known to take. The chat API enforced this pattern first, and a wider one
 * (`^[^\s<|\\/>]+$`) later; the description of the fine-tuning format says "string".
 */
const SAFE_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

export const messageInvalidName = conversationRule({
  id: 'messages/invalid-name',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['name'],
  description: 'The name of a participant is no string, empty, or has characters that not every endpoint takes.',
  message: ({ found, name }: { found: string; name?: string }) =>
    name === undefined
      ? `"name" is ${found}; it may be a string with at least one character`
      : `name ${quote(name)} has ${found}; not every endpoint takes it`,
  help: ({ name }) =>
    name === undefined
      ? 'write the name as a string, or leave it out'
      : 'use 1 to 64 of the letters a–z and A–Z, digits, "_" and "-"',
  soften: ({ name }) => (name === undefined ? 'error' : undefined),
  // A name that is no string is found with the shape.
  check({ messages = [] }: ChatExample, report) {
    for (let index = 0; index < messages.length; index += 1) {
      const { name } = messages[index]!;
      if (typeof name !== 'string' || SAFE_NAME.test(name)) continue;
      if (name === '') report(['messages', index, 'name'], { found: 'an empty string' });
      else report(['messages', index, 'name'], { found: oddityOf(name), name: shorten(name) });
    }
  },
});

function oddityOf(name: string): string {
  const odd = /[^a-zA-Z0-9_-]/u.exec(name)?.[0];
  if (odd === undefined) return `${name.length} characters`;
  return /\s/.test(odd) ? 'white space' : `the character ${quote(odd)}`;
}
