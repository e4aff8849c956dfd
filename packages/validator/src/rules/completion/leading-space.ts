import type { CompletionExample } from '../../formats/index.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';

export const completionLeadingSpace = datasetRule({
  id: 'completion/leading-space',
  severity: 'info',
  stage: 'dataset',
  description: 'Completions of the file do not begin with white space.',
  message: ({ count, examples }: { count: number; examples: number }) =>
    `${groupDigits(count)} of ${groupDigits(examples)} completions ${count === 1 ? 'does' : 'do'} not begin with a space: most words are one token only with the space before them`,
  help: () => 'begin every completion with one space',
  start: (): { examples: number; count: number; first?: LinePlace } => ({ examples: 0, count: 0 }),
  observe({ format }) {
    if (format !== 'completion') return {};
    return {
      example(state, { example, place }) {
        const { completion } = example as CompletionExample;
        // An empty completion is completion/empty.
        if (completion === undefined || completion.trim() === '') return;
        state.examples += 1;
        if (/^\s/.test(completion)) return;
        state.count += 1;
        state.first ??= place();
      },
      join(state, { examples, count, first }) {
        state.examples += examples;
        state.count += count;
        if (first !== undefined) state.first ??= first;
      },
      end({ examples, count, first }, _, report) {
        if (count > 0) report({ count, examples }, first);
      },
    };
  },
});
