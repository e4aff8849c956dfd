import type { Mutations } from '../mutation.js';

export const modelMutations: Mutations = {
  'model/unknown': {
    mutate({ flags }, random) {
      flags.push('--model', random.pick(['bicycle-7b', 'gpt-4.1-2099-01-01', 'gpt-4.1-mini-2025-04-15']));
      return { rule: 'model/unknown' };
    },
  },
  'model/method-unsupported': {
    mutate({ flags }, random) {
      flags.push('--model', random.pick(['o4-mini-2025-04-16', 'babbage-002', 'ft:o4-mini:shop::a1b2c3']));
      return { rule: 'model/method-unsupported', also: ['model/retired', 'images/model-without-vision'] };
    },
  },
  'model/retired': {
    mutate({ flags }, random) {
      flags.push('--model', random.pick(['gpt-4.1-mini-2025-04-14', 'gpt-4o-2024-08-06', 'gpt-3.5-turbo-0125']));
      return { rule: 'model/retired', also: ['images/model-without-vision'] };
    },
  },
};
