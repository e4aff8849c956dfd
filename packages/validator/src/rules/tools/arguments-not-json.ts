import { describeType } from '../quote.js';
import { conversationRule } from '../rule.js';
import { callsOf } from './calls.js';

export const toolsArgumentsNotJson = conversationRule({
  id: 'tools/arguments-not-json',
  severity: 'warning',
  stage: 'example',
  conversations: ['chat', 'reinforcement', 'preference-input', 'preference-output'],
  needs: ['calls'],
  description: 'The arguments of a call are not the text of a JSON object: the model learns to write broken calls.',
  message: ({ reason, found }: { reason: string; found?: string }) =>
    reason === 'empty'
      ? 'the arguments of a call are empty: the model learns to write calls that cannot be read'
      : reason === 'not-an-object'
        ? `the arguments of a call are ${found}, not an object: the model learns to write calls that cannot be used`
        : `the arguments of a call are not JSON${reason === 'other' ? '' : ` (${reason.replaceAll('-', ' ')})`}: the model learns to write broken calls`,
  help: ({ reason }) =>
    reason === 'empty'
      ? 'write "{}" for a call without arguments'
      : 'encode the arguments with a JSON writer, as in "{\\"city\\":\\"Paris\\"}"',
  check(conversation, report, context) {
    for (const { path, arguments: found } of callsOf(conversation, context)) {
      if (found === undefined || found.kind === 'object' || found.kind === 'too-deep') continue;
      const at = [...path, 'arguments'];
      if (found.kind === 'empty') report(at, { reason: 'empty' });
      else if (found.kind === 'broken') report(at, { reason: found.reason });
      else report(at, { reason: 'not-an-object', found: nameType(found.value) });
    }
  },
});

/** Which kind of value it is; a number or a text is an argument, and never shown. */
function nameType(value: unknown): string {
  return typeof value === 'number' ? 'a number' : describeType(value);
}
