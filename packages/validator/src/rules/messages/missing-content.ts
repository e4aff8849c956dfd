import { butWith, quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const messageMissingContent = stageRule({
  id: 'messages/missing-content',
  severity: 'error',
  stage: 'shape',
  description: 'A message of a role other than assistant has no content, or null.',
  message: ({ role, isNull, instead }: { role: string; isNull: boolean; instead?: string }) =>
    isNull
      ? `the content of a message of the ${role} is null`
      : `a message of the ${role} without "content"${butWith(instead)}`,
  help: ({ instead }) =>
    instead === undefined
      ? 'only an assistant message with tool calls may do without content; add the text'
      : `rename ${quote(instead)} to "content"`,
});
