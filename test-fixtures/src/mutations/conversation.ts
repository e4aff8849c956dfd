import {
  type JsonObject,
  type MutableDataset,
  type Mutations,
  messagesOf,
  type PickedMessage,
  pickIndex,
  pickMessage,
} from '../mutation.js';

/** What Azure asks for beside the rule that is meant. */
export const AZURE_FLAGS = ['--target', 'azure', '--ignore', 'file/missing-byte-order-mark'];

/** Mutations of what messages say, and of the order in which they stand. */
export const conversationMutations: Mutations = {
  'messages/developer-role': {
    mutate(dataset, random) {
      const picked = pickMessage(dataset, random, ({ role }) => role === 'system');
      picked.message.role = 'developer';
      return expectAt('messages/developer-role', picked, '/role');
    },
  },
  'messages/empty-content': {
    mutate(dataset, random) {
      const picked = pickMessage(dataset, random, ({ role }) => role !== 'assistant');
      picked.message.content = random.pick(['', ' \n', '\u3000', [{ type: 'text', text: '' }]]);
      return expectAt('messages/empty-content', picked, '/content');
    },
  },
  'messages/empty-assistant': {
    mutate(dataset, random) {
      const picked = pickMessage(dataset, random, isAnswer);
      const { message } = picked;
      delete message.content;
      delete message.refusal;
      if (random.next() < 0.25) return expectAt('messages/empty-assistant', picked);
      message.content = random.pick<unknown>([null, '', [], ' ', [{ type: 'text', text: '' }]]);
      return expectAt('messages/empty-assistant', picked, '/content');
    },
  },
  'messages/no-trained-message': {
    mutate({ examples }, random) {
      const example = random.int(0, examples.length - 1);
      for (const message of messagesOf(examples[example]!)) if (message.role === 'assistant') message.weight = 0;
      return { rule: 'messages/no-trained-message', example, pointer: '/messages' };
    },
  },
  'messages/no-user': {
    mutate({ examples }, random) {
      const example = pickIndex(examples, random, (it) => messagesOf(it).length === 3 && isAnswer(messagesOf(it)[2]!));
      messagesOf(examples[example]!).splice(1, 1);
      return { rule: 'messages/no-user', example, pointer: '/messages' };
    },
  },
  'messages/last-not-assistant': {
    mutate({ examples }, random) {
      const example = pickIndex(examples, random, (it) => isAnswer(messagesOf(it).at(-1)!));
      const added = messagesOf(examples[example]!).push({ role: 'user', content: 'Danke! 🚲' }) - 1;
      return { rule: 'messages/last-not-assistant', example, pointer: `/messages/${added}` };
    },
  },
  'messages/starts-with-assistant': {
    mutate(dataset, random) {
      dataset.flags.push(...AZURE_FLAGS);
      const picked = pickMessage(dataset, random, (_, index) => index === 0);
      return insertAfter('messages/starts-with-assistant', picked, {
        role: 'assistant',
        content: 'Hello, what is it?',
      });
    },
  },
  'messages/role-alternation': {
    mutate(dataset, random) {
      dataset.flags.push('--rule', 'messages/role-alternation=error');
      const picked = pickMessage(dataset, random, (message) => message.role === 'user' || isAnswer(message));
      return insertAfter('messages/role-alternation', picked, {
        role: picked.message.role,
        content: 'One thing more.',
      });
    },
  },
  'messages/consecutive-assistant': {
    mutate(dataset, random) {
      const picked = pickMessage(dataset, random, isAnswer);
      return insertAfter('messages/consecutive-assistant', picked, { role: 'assistant', content: 'One thing more.' });
    },
  },
  'messages/system-position': {
    mutate(dataset, random) {
      const picked = pickMessage(dataset, random, ({ role }) => role === 'user');
      return insertAfter('messages/system-position', picked, { role: 'system', content: 'Prices are in euros.' });
    },
  },
  'messages/refusal-with-content': {
    mutate(dataset, random) {
      const picked = pickMessage(dataset, random, (message) => isAnswer(message) && message.content !== null);
      picked.message.refusal = 'I cannot say that.';
      return expectAt('messages/refusal-with-content', picked, '/refusal');
    },
  },
  'messages/no-system': {
    mutate({ examples }, random) {
      const example = pickIndex(examples, random);
      messagesOf(examples[example]!).shift();
      return { rule: 'messages/no-system', example, pointer: '' };
    },
  },
  'messages/message-too-long': {
    mutate(dataset, random) {
      const limit = 2_000;
      dataset.flags.push(...AZURE_FLAGS);
      dataset.config = { limits: { maxMessageCharacters: limit } };
      const picked = pickMessage(dataset, random, ({ content }) => typeof content === 'string');
      picked.message.content = '茶'.repeat(limit + random.int(1, 9));
      return expectAt('messages/message-too-long', picked, '/content');
    },
  },
};

/** Whether this is a message of the assistant that answers in words. */
function isAnswer({ role, tool_calls }: JsonObject): boolean {
  return role === 'assistant' && tool_calls === undefined;
}

/** The index of an example whose last message answers in words. */
export function pickAnswered({ examples }: MutableDataset, random: Parameters<typeof pickIndex>[1]): number {
  return pickIndex(examples, random, (it) => typeof messagesOf(it).at(-1)!.content === 'string');
}

function expectAt(rule: string, { example, pointer }: PickedMessage, key = '') {
  return { rule, example, pointer: pointer + key };
}

/** Puts a message behind the one that was picked; it is at fault. */
function insertAfter(rule: string, { example, index, messages }: PickedMessage, message: JsonObject) {
  messages.splice(index + 1, 0, message);
  return { rule, example, pointer: `/messages/${index + 1}/role` };
}
