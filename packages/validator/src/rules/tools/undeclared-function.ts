import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { suggest } from '../suggest.js';
import { callsOf, definitionsOf } from './calls.js';
import { isFunctionName } from './function-name.js';

/** So many names are compared with the one that was called. */
const MAX_COMPARED = 200;

export const toolsUndeclaredFunction = conversationRule({
  id: 'tools/undeclared-function',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['calls'],
  description: 'A call names a function that the example does not declare.',
  message: ({ name, declared }: { name: string; declared: number; suggestion?: string }) =>
    declared === 0
      ? `${quote(name)} is called, and the example declares no functions: the model learns to call what is not there`
      : `${quote(name)} is called, and is none of the ${declared} functions that the example declares`,
  help: ({ suggestion, declared }) =>
    suggestion !== undefined
      ? `did you mean "${suggestion}"?`
      : declared === 0
        ? 'add the "tools" that the model was given when it called'
        : 'add its definition to "tools"',
  fix: ({ suggestion }) =>
    suggestion === undefined ? undefined : { safety: 'unsafe', text: JSON.stringify(suggestion) },
  check(conversation, report, context) {
    const calls = callsOf(conversation, context);
    if (calls.length === 0) return;
    const definitions = definitionsOf(conversation, context);
    const declared = new Set(definitions.map(({ definition }) => definition.name));
    // A definition that could not be read may be the one.
    const isUnknown =
      declared.has(undefined) ||
      context.isFaulty(['tools']) ||
      context.isFaulty(['functions']) ||
      (conversation.tools?.length ?? 0) + (conversation.functions?.length ?? 0) !== definitions.length;
    if (isUnknown) return;
    for (const { path, name } of calls) {
      // A name that no function can have is tools/invalid-function-name.
      if (name === undefined || declared.has(name) || !isFunctionName(name)) continue;
      // A second call is the same mistake; where nothing is declared, all calls lack the same list.
      const mistake = declared.size === 0 ? 'tools' : name;
      if (context.isFirst?.(`tools/undeclared-function ${mistake}`) === false) continue;
      const known = [...declared].flatMap((each) => each ?? []).slice(0, MAX_COMPARED);
      const suggestion = suggest(name, known);
      report([...path, 'name'], {
        name: shorten(name),
        declared: declared.size,
        ...(suggestion === undefined || suggestion.length > 64 ? {} : { suggestion: shorten(suggestion) }),
      });
    }
  },
});
