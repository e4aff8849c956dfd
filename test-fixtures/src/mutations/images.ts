import { type Mutations, pickMessage } from '../mutation.js';

export const imagesMutations: Mutations = {
  'images/outside-user': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(
        dataset,
        random,
        ({ role, content }) => typeof content === 'string' && ['system', 'assistant', 'tool'].includes(String(role)),
      );
      const image = { type: 'image_url', image_url: { url: 'https://images.example.com/1.png' } };
      message.content = [{ type: 'text', text: message.content }, image];
      return { rule: 'images/outside-user', example, pointer: `${pointer}/content/1` };
    },
  },
};
