import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { definitionsOf } from './calls.js';

export const toolsDuplicateFunction = conversationRule({
  id: 'tools/duplicate-function',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input'],
  needs: ['tools'],
  description: 'Two functions of an example have the same name.',
  message: ({ name }: { name: string }) =>
    `a second function with the name ${quote(name)}: a call of it does not say which one is meant`,
  help: () => 'delete one of them, or rename it',
  check(conversation, report, context) {
    const definitions = definitionsOf(conversation, context);
    if (definitions.length < 2) return;
    // The same functions in `tools` and in `functions` are one mistake, which tools/tools-and-functions names.
    const seen = { tools: new Set<string>(), functions: new Set<string>() };
    for (const { path, list, definition } of definitions) {
      if (definition.name === undefined) continue;
      if (seen[list].has(definition.name)) report([...path, 'name'], { name: shorten(definition.name) });
      seen[list].add(definition.name);
    }
  },
});
