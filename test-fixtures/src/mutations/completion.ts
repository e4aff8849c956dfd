import type { Mutations } from '../mutation.js';

export const completionMutations: Mutations = {
  'completion/invalid-example': {
    format: 'completion',
    mutate(dataset, random) {
      // Not the first: without both keys it would have no known shape.
      const example = random.int(1, dataset.examples.length - 1);
      const key = random.pick(['prompt', 'completion']);
      const pointer = random.pick([
        () => {
          dataset.examples[example]![key] = random.pick([null, 7, [], ['text'], {}]);
          return `/${key}`;
        },
        () => {
          delete dataset.examples[example]![key];
          return '';
        },
        () => {
          dataset.examples[example]!.weight = 1;
          return '/weight';
        },
      ])();
      return { rule: 'completion/invalid-example', example, pointer };
    },
  },
};
