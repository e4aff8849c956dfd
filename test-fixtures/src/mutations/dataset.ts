import { type Mutations, messagesOf } from '../mutation.js';
import { createValidDataset } from '../valid-dataset.js';
import { pickAnswered } from './conversation.js';

export const datasetMutations: Mutations = {
  'dataset/too-few-examples': {
    mutate(dataset, random) {
      dataset.examples.length = random.int(1, 9);
      return { rule: 'dataset/too-few-examples' };
    },
  },
  'dataset/too-many-examples': {
    mutate(dataset, random) {
      dataset.flags.push('--target', 'fireworks');
      dataset.config = { limits: { maxExamples: random.int(1, dataset.examples.length - 1) } };
      return { rule: 'dataset/too-many-examples' };
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
  'dataset/conflicting-answers': {
    mutate(dataset, random) {
      const copy = structuredClone(dataset.examples[pickAnswered(dataset, random)]!);
      messagesOf(copy).at(-1)!.content = 'Das weiß ich nicht. 🤷';
      return { rule: 'dataset/conflicting-answers', example: dataset.examples.push(copy) - 1, pointer: '' };
    },
  },
  'dataset/leakage': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const others = createValidDataset('chat', random).examples;
      // Equal prompts are not enough: the whole example must be the same.
      others[random.int(0, others.length - 1)] = Object.fromEntries(
        Object.entries(structuredClone(dataset.examples[example]!)).reverse(),
      );
      dataset.training = others;
      return { rule: 'dataset/leakage', example, pointer: '' };
    },
  },
};
