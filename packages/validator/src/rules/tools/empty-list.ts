import { conversationRule } from '../rule.js';

export const toolsEmptyList = conversationRule({
  id: 'tools/empty-list',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['tools'],
  description: 'The list of tools or functions is empty.',
  message: ({ key }: { key: 'tools' | 'functions' }) =>
    `"${key}" is empty; the published schema wants at least one function`,
  help: ({ key }) => `leave "${key}" out`,
  check({ tools, functions }, report) {
    if (tools?.length === 0) report(['tools'], { key: 'tools' });
    if (functions?.length === 0) report(['functions'], { key: 'functions' });
  },
});
