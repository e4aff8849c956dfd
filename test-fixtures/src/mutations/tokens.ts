import { type Mutations, messagesOf } from '../mutation.js';
import { AZURE_FLAGS } from './conversation.js';

const CONTEXT = 2_000;

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
  'tokens/nothing-trained': {
    mutate(dataset, random) {
      const example = random.int(0, dataset.examples.length - 1);
      const messages = messagesOf(dataset.examples[example]!);
      if (random.next() < 0.5) {
        dataset.flags.push('--ignore', 'messages/no-trained-message');
        for (const message of messages) if (message.role === 'assistant') message.weight = 0;
        return { rule: 'tokens/nothing-trained', example, pointer: '' };
      }
      dataset.flags.push('--model', 'tiny');
      dataset.config = { models: [{ id: 'tiny', encoding: 'o200k_base', maxExampleTokens: CONTEXT }] };
      messages[0]!.content = 'bell '.repeat(CONTEXT + random.int(0, 500));
      return { rule: 'tokens/nothing-trained', example, pointer: '', also: ['tokens/example-over-limit'] };
    },
  },
  'tokens/budget': {
    mutate(dataset, random) {
      dataset.flags.push(...AZURE_FLAGS);
      dataset.config = { limits: { maxJobTokens: random.int(1, 1_000) } };
      return { rule: 'tokens/budget' };
    },
  },
};
