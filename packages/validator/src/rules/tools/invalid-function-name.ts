import { quote, shorten } from '../quote.js';
import { conversationRule } from '../rule.js';
import { callsOf, definitionsOf } from './calls.js';
import { isFunctionName, MAX_FUNCTION_NAME } from './function-name.js';

export const toolsInvalidFunctionName = conversationRule({
  id: 'tools/invalid-function-name',
  severity: 'error',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['tools', 'calls'],
  description: 'The name of a function has characters that the provider does not take, none, or too many.',
  message: ({ name, length }: { name: string; length: number }) =>
    length > MAX_FUNCTION_NAME
      ? `a function name of ${length} characters, ${quote(name)}; the provider takes at most ${MAX_FUNCTION_NAME}`
      : `function name ${quote(name)}; the provider takes letters a–z and A–Z, digits, "_" and "-"`,
  help: () => 'rename the function, in its definition and in every call',
  check(conversation, report, context) {
    let reported: Set<string> | undefined;
    for (const { path, definition } of definitionsOf(conversation, context)) {
      if (definition.name === undefined || isFunctionName(definition.name)) continue;
      reported ??= new Set();
      reported.add(definition.name);
      // An output of a preference stands under the definitions of its input, where they are reported.
      if (context.conversation !== 'preference-output') report([...path, 'name'], describe(definition.name));
    }
    for (const { path, name } of callsOf(conversation, context)) {
      // A call of a function whose definition was reported is the same mistake, as is a second call of it.
      if (name === undefined || isFunctionName(name) || reported?.has(name)) continue;
      if (context.isFirst?.(`tools/invalid-function-name ${name}`) === false) continue;
      report([...path, 'name'], describe(name));
    }
  },
});

function describe(name: string): { name: string; length: number } {
  return { name: shorten(name), length: name.length };
}
