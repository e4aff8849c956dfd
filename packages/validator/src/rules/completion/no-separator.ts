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

export const completionNoSeparator = datasetRule({
  id: 'completion/no-separator',
  severity: 'info',
  stage: 'dataset',
  description: 'The prompts of the file do not end with the same separator.',
  message: ({ examples }: { examples: number }) =>
    `the ${groupDigits(examples)} prompts do not end alike: the model cannot tell where a prompt ends and its answer begins`,
  help: () => 'end every prompt, in the file and later, with a separator such as "\\n\\n###\\n\\n"',
  start: (): { prompts: CommonEnd; first?: LinePlace } => ({ prompts: startCommonEnd() }),
  pack: ({ prompts, ...rest }) => ({ ...rest, prompts: packCommonEnd(prompts) }),
  unpack(packed) {
    const { prompts, ...rest } = packed as { prompts: unknown; first?: LinePlace };
    return { ...rest, prompts: unpackCommonEnd(prompts) };
  },
  observe({ format }) {
    if (format !== 'completion') return {};
    return {
      example(state, { example, place }) {
        const { prompt } = example as CompletionExample;
        state.first ??= place();
        if (prompt !== undefined) addText(state.prompts, prompt);
      },
      join(state, { prompts, first }) {
        joinCommonEnds(state.prompts, prompts);
        if (first !== undefined) state.first ??= first;
      },
      // One prompt alone has no end in common with any, and empty prompts are for open-ended generation.
      end({ prompts, first }, _, report) {
        if (prompts.distinct.size > 1 && prompts.end === '') report({ examples: prompts.texts }, first);
      },
    };
  },
});
