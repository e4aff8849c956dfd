import { type JsonObject, type Mutations, pickMessage } from '../mutation.js';

const OUTPUTS = ['preferred_output', 'non_preferred_output'] as const;

const RENAMED = {
  preferred_output: ['preferred_completion', 'chosen'],
  non_preferred_output: ['non_preferred_completion', 'rejected'],
} as const;

export const preferenceMutations: Mutations = {
  'preference/missing-key': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const key = random.pick(['input', ...OUTPUTS]);
      delete dataset.examples[example]![key];
      return { rule: 'preference/missing-key', example, pointer: '' };
    },
  },
  'preference/renamed-key': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const right = random.pick(OUTPUTS);
      const wrong = random.pick<string>(RENAMED[right]);
      const { [right]: output, ...others } = dataset.examples[example]!;
      dataset.examples[example] = { ...others, [wrong]: output };
      return { rule: 'preference/renamed-key', example, pointer: `/${wrong}` };
    },
  },
  'preference/invalid-input': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const input = dataset.examples[example]!.input as JsonObject;
      const [changed, pointer] = random.pick<readonly [unknown, string]>([
        [input.messages, '/input'],
        ['Hi', '/input'],
        [{}, '/input'],
        [{ ...input, temperature: 1 }, '/input/temperature'],
      ]);
      dataset.examples[example]!.input = changed;
      return { rule: 'preference/invalid-input', example, pointer };
    },
  },
  'preference/invalid-output': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const key = random.pick(OUTPUTS);
      const [message] = dataset.examples[example]![key] as JsonObject[];
      const [changed, pointer] = random.pick<readonly [unknown, string]>([
        ['text', `/${key}`],
        [message, `/${key}`],
        [[], `/${key}`],
        [[message, message], `/${key}`],
        [null, `/${key}`],
        [[{ ...message, role: 'user' }], `/${key}/0`],
        [['text'], `/${key}/0`],
      ]);
      dataset.examples[example]![key] = changed;
      return { rule: 'preference/invalid-output', example, pointer };
    },
  },
  'preference/input-ends-with-assistant': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const { messages } = dataset.examples[example]!.input as { messages: JsonObject[] };
      messages.push({ role: 'assistant', content: 'One moment.' });
      const pointer = `/input/messages/${messages.length - 1}/role`;
      return { rule: 'preference/input-ends-with-assistant', example, pointer };
    },
  },
  'preference/identical-outputs': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const { role, content } = (dataset.examples[example]!.preferred_output as JsonObject[])[0]!;
      dataset.examples[example]!.non_preferred_output = [
        random.pick([
          { role, content },
          { content, role },
        ]),
      ];
      return { rule: 'preference/identical-outputs', example, pointer: '/non_preferred_output' };
    },
  },
  'preference/image': {
    format: 'preference',
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, ({ role }) => role === 'user');
      const image = { type: 'image_url', image_url: { url: 'https://images.example.com/1.png' } };
      message.content = [{ type: 'text', text: message.content }, image];
      return { rule: 'preference/image', example, pointer: `${pointer}/content/1` };
    },
  },
  'preference/weight': {
    format: 'preference',
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const key = random.pick(OUTPUTS);
      (dataset.examples[example]![key] as JsonObject[])[0]!.weight = random.pick([0, 1]);
      return { rule: 'preference/weight', example, pointer: `/${key}/0/weight` };
    },
  },
};
