import { stageRule } from '../rule.js';

export const exampleMissingMessages = stageRule({
  id: 'example/missing-messages',
  severity: 'error',
  stage: 'shape',
  description: 'A chat example has no messages.',
  message: ({ suggestion, looksLike }: { suggestion?: string; looksLike?: string }) =>
    looksLike !== undefined
      ? `no key "messages"; this line looks like ${looksLike}`
      : suggestion === undefined
        ? 'no key "messages"'
        : `no key "messages", but "${suggestion}"`,
  help: ({ suggestion, looksLike }) =>
    suggestion !== undefined
      ? 'did you mean "messages"?'
      : looksLike === undefined
        ? 'write {"messages":[…]}'
        : 'convert the line to {"messages":[…]}, or leave it out',
});
