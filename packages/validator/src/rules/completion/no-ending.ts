import type { CompletionExample } from '../../formats/index.js';
import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';
import {
  addText,
  type CommonEnd,
  joinCommonEnds,
  packCommonEnd,
  startCommonEnd,
  unpackCommonEnd,
} from './common-end.js';

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
  start: (): { completions: CommonEnd; hasPrompt: boolean; first?: LinePlace } => ({
    completions: startCommonEnd(),
    hasPrompt: false,
  }),
  pack: ({ completions, ...rest }) => ({ ...rest, completions: packCommonEnd(completions) }),
  unpack(packed) {
    const { completions, ...rest } = packed as { completions: unknown; hasPrompt: boolean; first?: LinePlace };
    return { ...rest, completions: unpackCommonEnd(completions) };
  },
  observe({ format }) {
    if (format !== 'completion') return {};
    return {
      example(state, { example, place }) {
        const { prompt, completion } = example as CompletionExample;
        state.hasPrompt ||= prompt !== undefined && prompt !== '';
        state.first ??= place();
        // An empty completion is completion/empty.
        if (completion !== undefined && completion.trim() !== '') addText(state.completions, completion);
      },
      join(state, { completions, hasPrompt, first }) {
        joinCommonEnds(state.completions, completions);
        state.hasPrompt ||= hasPrompt;
        if (first !== undefined) state.first ??= first;
      },
      // Without prompts it is open-ended generation, which may go on for ever.
      end({ completions, hasPrompt, first }, _, report) {
        if (!hasPrompt || completions.distinct.size < 2 || completions.end !== '') return;
        if (completions.distinct.size >= completions.texts * CLASSIFICATION)
          report({ examples: completions.texts }, first);
      },
    };
  },
});
