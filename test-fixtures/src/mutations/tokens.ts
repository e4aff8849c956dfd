import type { Mutations } from '../mutation.js';

export const tokensMutations: Mutations = {
  'tokens/example-over-limit': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      // About one token a word; the training context of OpenAI's current models is 65,536.
      const content = 'bell '.repeat(random.int(66_000, 68_000));
      dataset.examples[example] = {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Ring.' },
          { role: 'assistant', content },
        ],
      };
      return { rule: 'tokens/example-over-limit', example, pointer: '' };
    },
  },
};
