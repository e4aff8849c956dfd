import { type JsonObject, type Mutations, pickMessage } from '../mutation.js';

export const reinforcementMutations: Mutations = {
  'reinforcement/system-role': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, ({ role }) => role === 'developer');
      message.role = 'system';
      return { rule: 'reinforcement/system-role', example, pointer: `${pointer}/role` };
    },
  },
  'reinforcement/last-not-user': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const { example, messages } = pickMessage(dataset, random);
      messages.push(
        random.pick([
          { role: 'assistant', content: 'It left yesterday.' },
          { role: 'developer', content: 'Answer now.' },
        ]),
      );
      const pointer = `/messages/${messages.length - 1}/role`;
      return { rule: 'reinforcement/last-not-user', example, pointer };
    },
  },
  'reinforcement/missing-grader-field': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const input = '{{ item.reference_answer }} for {{item.order.number}}, {{ item["order"].tags[1] | tojson }}';
      dataset.config = { grader: { type: 'string_check', input, reference: '{{ sample.output_text }}' } };
      const example = random.int(0, dataset.examples.length - 1);
      const changed = dataset.examples[example] as {
        reference_answer?: string;
        order: JsonObject & { tags: unknown[] };
      };
      const pointer = random.pick([
        () => {
          delete changed.reference_answer;
          return '';
        },
        () => {
          delete changed.order.number;
          return '/order';
        },
        () => {
          changed.order.tags.pop();
          return '/order/tags';
        },
      ])();
      return { rule: 'reinforcement/missing-grader-field', example, pointer };
    },
  },
  'reinforcement/too-many-examples': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const limit = dataset.examples.length - random.int(1, 3);
      const isValid = random.int(0, 1) === 1;
      if (isValid) dataset.flags.push('--train', 'train.jsonl');
      dataset.config = { limits: { [isValid ? 'maxReinforcementValidExamples' : 'maxReinforcementExamples']: limit } };
      return { rule: 'reinforcement/too-many-examples', example: limit, pointer: '' };
    },
  },
};
