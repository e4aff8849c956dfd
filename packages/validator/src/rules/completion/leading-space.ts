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
  observe({ format }) {
    if (format !== 'completion') return {};
    let examples = 0;
    let count = 0;
    let first: LinePlace | undefined;
    return {
      example({ example, place }) {
        const { completion } = example as CompletionExample;
        // An empty completion is completion/empty.
        if (completion === undefined || completion.trim() === '') return;
        examples += 1;
        if (/^\s/.test(completion)) return;
        count += 1;
        first ??= place();
      },
      end(_, report) {
        if (count > 0) report({ count, examples }, first);
      },
    };
  },
});
