import { type Mutations, pickMessage } from '../mutation.js';

export const reinforcementMutations: Mutations = {
  'reinforcement/system-role': {
    format: 'reinforcement',
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, ({ role }) => role === 'developer');
      message.role = 'system';
      return { rule: 'reinforcement/system-role', example, pointer: `${pointer}/role` };
    },
  },
};
