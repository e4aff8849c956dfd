import { type Mutations, pickIndex } from '../mutation.js';

export const exampleMutations: Mutations = {
  'example/missing-messages': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const { messages, ...others } = dataset.examples[example]!;
      // The first example decides the format, unless most of the others have one.
      dataset.examples[example] = random.pick([
        others,
        { ...others, mesages: messages },
        { ...others, Messages: messages },
      ]);
      return { rule: 'example/missing-messages', example, pointer: '' };
    },
  },
  'example/invalid-messages': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const { messages } = dataset.examples[example]!;
      const values = [{ role: 'user', content: 'Hi' }, 'Hi', null, 7, false, JSON.stringify(messages)];
      dataset.examples[example]!.messages = random.pick(values);
      return { rule: 'example/invalid-messages', example, pointer: '/messages' };
    },
  },
  'example/empty-messages': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      dataset.examples[example]!.messages = [];
      return { rule: 'example/empty-messages', example, pointer: '/messages' };
    },
  },
  'example/unknown-key': {
    mutate(dataset, random) {
      const example = pickIndex(dataset.examples, random);
      const key = random.pick(['weight', 'metadata', 'id', 'model', 'temperature', 'tool_choice', 'größe', 'a b']);
      dataset.examples[example]![key] = random.pick([1, 'x', null, {}, []]);
      return { rule: 'example/unknown-key', example, pointer: `/${key}` };
    },
  },
  'example/extra-key-mismatch': {
    mutate(dataset, random) {
      dataset.config = { extraKeys: { properties: { id: { type: 'string' } } } };
      for (const [index, example] of dataset.examples.entries()) example.id = `conv-${index}`;
      const example = pickIndex(dataset.examples, random);
      dataset.examples[example]!.id = random.pick([7, null, true, [], {}]);
      return { rule: 'example/extra-key-mismatch', example, pointer: '/id' };
    },
  },
};
