import { groupDigits } from '../byte-size.js';
import { stageRule } from '../rule.js';

export const formatUnknown = stageRule({
  id: 'format/unknown',
  severity: 'error',
  stage: 'format',
  description: 'The examples are of no format that fine-tuning takes.',
  message: ({ count, looksLike }: { count: number; looksLike?: string }) =>
    looksLike === undefined
      ? `no known format: ${lines(count)} with none of the keys "messages", "input" with outputs, "prompt" with "completion"`
      : `this looks like ${looksLike}, which fine-tuning does not take (${lines(count)})`,
  help: () => 'write each example as {"messages":[{"role":"user","content":"…"},{"role":"assistant","content":"…"}]}',
});

function lines(count: number): string {
  return `${groupDigits(count)} ${count === 1 ? 'line' : 'lines'}`;
}
