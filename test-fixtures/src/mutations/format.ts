import type { JsonObject, Mutations } from '../mutation.js';
import { createValidDataset } from '../valid-dataset.js';

const FOREIGN: readonly ((number: number) => JsonObject)[] = [
  (number) => ({
    conversations: [
      { from: 'human', value: `${number}` },
      { from: 'gpt', value: 'yes' },
    ],
  }),
  (number) => ({ instruction: 'Answer', input: `${number}`, output: 'yes' }),
  (number) => ({ input: [{ role: 'user', content: `${number}` }], ideal: 'yes' }),
  (number) => ({ contents: [{ role: 'user', parts: [{ text: `${number}` }] }] }),
  (number) => ({ text: `number ${number}` }),
  (number) => ({ question: `${number}`, answer: 'yes' }),
];

export const formatMutations: Mutations = {
  'format/unknown': {
    mutate(dataset, random) {
      const make = random.pick(FOREIGN);
      dataset.examples = dataset.examples.map((_, index) => make(index));
      return { rule: 'format/unknown', example: 0, pointer: '' };
    },
  },
  'format/mixed': {
    mutate(dataset, random) {
      // Not the first: that decides what the others are held against.
      const example = random.int(1, dataset.examples.length - 1);
      const other = createValidDataset(random.pick(['preference', 'completion']), random);
      dataset.examples[example] = other.examples[example]!;
      return { rule: 'format/mixed', example, pointer: '' };
    },
  },
  'format/method-mismatch': {
    format: 'preference',
    mutate(dataset, random) {
      dataset.flags.push('--method', random.pick(['supervised', 'reinforcement']));
      return { rule: 'format/method-mismatch', example: 0, pointer: '' };
    },
  },
};
