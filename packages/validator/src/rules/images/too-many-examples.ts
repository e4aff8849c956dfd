import { groupDigits } from '../byte-size.js';
import { datasetRule, type LinePlace } from '../rule.js';
import { findFirstImage } from './images.js';

export const imagesTooManyExamples = datasetRule({
  id: 'images/too-many-examples',
  severity: 'error',
  limits: ['maxImageExamples'],
  stage: 'dataset',
  description: 'More examples show images than the provider takes in one file.',
  message: ({ examples, limit, provider }: { examples: number; limit: number; provider: string }) =>
    `${groupDigits(examples)} examples with images; ${provider} takes at most ${groupDigits(limit)}`,
  help: ({ examples, limit }) => `leave out ${groupDigits(examples - limit)} of them`,
  // Of a stretch all places are kept: which of them is the first too many shows only when it is joined.
  start: (): { examples: number; places: LinePlace[]; firstOver?: LinePlace } => ({ examples: 0, places: [] }),
  // Places of up to 50,000 examples are no small thing: which is the first too many of several files is not said.
  pack: ({ examples }) => ({ examples }),
  unpack: (packed) => ({ ...(packed as { examples: number }), places: [] }),
  observe({ target, format }) {
    const limit = target.limits.maxImageExamples;
    if (limit === undefined || format === 'unknown') return {};
    return {
      example(state, seen) {
        if (seen.has('parts') === false || findFirstImage(format, seen.example) === undefined) return;
        state.examples += 1;
        state.places.push(seen.place());
      },
      join(state, { examples, places }) {
        const over = places[limit - state.examples];
        if (over !== undefined) state.firstOver ??= over;
        state.examples += examples;
      },
      end({ examples, firstOver }, _, report) {
        if (examples > limit) report({ examples, limit, provider: target.displayName }, firstOver);
      },
    };
  },
});
