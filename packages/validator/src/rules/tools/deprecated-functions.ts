import { conversationRule } from '../rule.js';

export const toolsDeprecatedFunctions = conversationRule({
  id: 'tools/deprecated-functions',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['tools', 'calls'],
  description: 'An example declares or calls functions in the way that came before tools.',
  message: ({ key }: { key: 'functions' | 'function_call' }) =>
    `"${key}" is deprecated: the model learns a way to call that newer clients do not read`,
  help: ({ key }) =>
    key === 'functions'
      ? 'write "tools":[{"type":"function","function":{…}}], and "tool_calls" in the messages'
      : 'write "tool_calls":[{"id":"…","type":"function","function":{…}}]',
  // Once an example: whoever changes one place changes all of them.
  check({ tools, functions, messages = [] }, report, { isFirst }) {
    // An empty list is tools/empty-list, one beside tools is tools/tools-and-functions.
    if (functions !== undefined && functions.length > 0) {
      if (tools === undefined || tools.length === 0) report(['functions'], { key: 'functions' }, 'key');
      return;
    }
    for (let index = 0; index < messages.length; index += 1) {
      if (!messages[index]!.function_call) continue;
      if (isFirst?.('tools/deprecated-functions') === false) return;
      report(['messages', index, 'function_call'], { key: 'function_call' }, 'key');
      return;
    }
  },
});
