import type { ChatExample, FormatName, PreferenceExample } from '../../formats/index.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';

export const messagesNoSystem = datasetRule({
  id: 'messages/no-system',
  severity: 'info',
  stage: 'dataset',
  description: 'Examples without a message of the system, counted: one finding a file.',
  message: ({ count, examples }: { count: number; examples: number }) =>
    examples === 1
      ? 'the only example has no message of the system'
      : `${groupDigits(count)} of ${groupDigits(examples)} examples have no message of the system`,
  help: ({ count, examples }) =>
    count < examples
      ? 'the model learns both with and without it; use the one that you will send later'
      : 'right when none will be sent later; otherwise put the same one into every example',
  start: (): { count: number; withSystem: number; first?: LinePlace } => ({ count: 0, withSystem: 0 }),
  observe({ format }) {
    if (format !== 'chat' && format !== 'preference') return {};
    return {
      example(state, seen) {
        const hasSystem = seen.has('system') ?? findSystem(format, seen.example);
        if (hasSystem === undefined) return;
        if (hasSystem) state.withSystem += 1;
        else {
          state.count += 1;
          state.first ??= seen.place();
        }
      },
      join(state, { count, withSystem, first }) {
        state.count += count;
        state.withSystem += withSystem;
        if (first !== undefined) state.first ??= first;
      },
      end({ count, withSystem, first }, _, report) {
        // Examples that could not be read count on neither side.
        if (count > 0) report({ count, examples: count + withSystem }, first);
      },
    };
  },
});

/** Whether one of the messages is the system's; `undefined` where that cannot be told. */
function findSystem(format: FormatName, example: object): boolean | undefined {
  const messages =
    format === 'chat' ? (example as ChatExample).messages : (example as PreferenceExample).input?.messages;
  if (messages === undefined) return undefined;
  for (let index = 0; index < messages.length; index += 1) {
    const { role } = messages[index]!;
    // A role that could not be read may have been meant as the system's.
    if (role === undefined) return undefined;
    if (role === 'system' || role === 'developer') return true;
  }
  return false;
}
