import type { Mutations } from '../mutation.js';

export const datasetMutations: Mutations = {
  'dataset/too-few-examples': {
    mutate(dataset, random) {
      dataset.examples.length = random.int(1, 9);
      return { rule: 'dataset/too-few-examples' };
    },
  },
  'dataset/duplicate': {
    mutate(dataset, random) {
      const again = random.int(0, dataset.examples.length - 1);
      const copy = dataset.examples[again]!;
      // The order of keys is nothing that a reader sees.
      dataset.examples.push(Object.fromEntries(Object.entries(copy).reverse()));
      return { rule: 'dataset/duplicate', example: dataset.examples.length - 1, pointer: '' };
    },
  },
};
