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
  'completion/empty': {
    format: 'completion',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      dataset.examples[example]!.completion = random.pick(['', ' ', '\n\t', '\u3000']);
      return { rule: 'completion/empty', example, pointer: '/completion' };
    },
  },
  'completion/no-separator': {
    format: 'completion',
    mutate(dataset, random) {
      dataset.examples[random.int(0, dataset.examples.length - 1)]!.prompt = random.pick([
        'Where is it?',
        '',
        '在哪里',
      ]);
      return { rule: 'completion/no-separator', example: 0, pointer: '' };
    },
  },
  'completion/no-ending': {
    format: 'completion',
    mutate(dataset, random) {
      dataset.examples[random.int(0, dataset.examples.length - 1)]!.completion = random.pick([
        ' It left.',
        ' 昨天',
        ' 🚲',
      ]);
      return { rule: 'completion/no-ending', example: 0, pointer: '' };
    },
  },
  'completion/leading-space': {
    format: 'completion',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const changed = dataset.examples[example]!;
      changed.completion = String(changed.completion).trimStart();
      return { rule: 'completion/leading-space', example, pointer: '' };
    },
  },
};
