import { conversationRule } from '../rule.js';

export const toolsToolsAndFunctions = conversationRule({
  id: 'tools/tools-and-functions',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat'],
  needs: ['tools'],
  description: 'An example has both "tools" and the deprecated "functions".',
  message: (_: Record<string, never>) =>
    'both "tools" and the deprecated "functions": the provider describes no example with both',
  help: () => 'move the functions to "tools" and delete "functions"',
  check({ tools, functions }, report) {
    if (tools !== undefined && functions !== undefined && tools.length > 0 && functions.length > 0)
      report(['functions'], {}, 'key');
  },
});
