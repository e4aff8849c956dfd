import { quote } from '../quote.js';
import { stageRule } from '../rule.js';

export const messageUnsupportedPart = stageRule({
  id: 'messages/unsupported-part',
  severity: 'error',
  stage: 'shape',
  description: 'A content part is of a type that fine-tuning does not take.',
  message: ({ type, role }: { type: unknown; role: string; known: readonly string[] }) =>
    `a content part of type ${quote(type)} in a message of the ${role}`,
  help: ({ known }) => `the types are ${known.join(', ')}; fine-tuning takes no audio and no files`,
});
