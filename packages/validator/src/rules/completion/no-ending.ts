import type { CompletionExample } from '../../formats/index.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';
import { createCommonEnd } from './common-end.js';

/** With fewer distinct completions than this part of all, the file is a classification, whose answers need no ending. */
const CLASSIFICATION = 1 / 3;

export const completionNoEnding = datasetRule({
  id: 'completion/no-ending',
  severity: 'info',
  stage: 'dataset',
  description: 'The completions of the file do not end with the same text.',
  message: ({ examples }: { examples: number }) =>
    `the ${groupDigits(examples)} completions do not end alike: the model does not learn where to stop`,
  help: () => 'end every completion with the same text, such as " END", and pass it as the stop sequence later',
  observe({ format }) {
    if (format !== 'completion') return {};
    const completions = createCommonEnd();
    let hasPrompt = false;
    let first: LinePlace | undefined;
    return {
      example({ example, place }) {
        const { prompt, completion } = example as CompletionExample;
        hasPrompt ||= prompt !== undefined && prompt !== '';
        first ??= place();
        // An empty completion is completion/empty.
        if (completion !== undefined && completion.trim() !== '') completions.add(completion);
      },
      // Without prompts it is open-ended generation, which may go on for ever.
      end(_, report) {
        if (!hasPrompt || completions.distinct < 2 || completions.end !== '') return;
        if (completions.distinct >= completions.texts * CLASSIFICATION) report({ examples: completions.texts }, first);
      },
    };
  },
});
