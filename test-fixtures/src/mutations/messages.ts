import { type JsonObject, type Mutations, messagesOf, pickIndex, pickMessage } from '../mutation.js';

/** Values that are no string. */
const NOT_A_STRING = [7, true, {}, [], ['x']];

const isOf =
  (...roles: string[]) =>
  ({ role }: JsonObject) =>
    roles.includes(String(role));

/** Rules that look at who speaks when: a message that is gone or cannot be read may trip them, too. */
export const messagesMutations: Mutations = {
  'messages/not-an-object': {
    mutate(dataset, random) {
      const { example, index, messages, pointer } = pickMessage(dataset, random, isOf('system', 'user'));
      messages[index] = random.pick(['text', 3, null, true, []]) as unknown as JsonObject;
      return { rule: 'messages/not-an-object', example, pointer };
    },
  },
  'messages/missing-role': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user'));
      const { role } = message;
      delete message.role;
      const key = random.pick(['', 'rol', 'from']);
      if (key !== '') message[key] = role;
      return { rule: 'messages/missing-role', example, pointer };
    },
  },
  'messages/unknown-role': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user'));
      message.role = random.pick(['assistent', 'human', 'gpt', 'User', 'user ', 'narrator', '', null, 3, ['user']]);
      return { rule: 'messages/unknown-role', example, pointer: `${pointer}/role` };
    },
  },
  'messages/unknown-key': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random);
      const key = random.pick(['timestamp', 'wieght', 'annotations', 'id', 'größe', '__proto__']);
      Object.defineProperty(message, key, { value: random.pick([1, 'x', null, []]), enumerable: true });
      return { rule: 'messages/unknown-key', example, pointer: `${pointer}/${key}` };
    },
  },
  'messages/missing-content': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user', 'tool'));
      const isNull = random.int(0, 1) === 1;
      if (isNull) message.content = null;
      else delete message.content;
      return { rule: 'messages/missing-content', example, pointer: isNull ? `${pointer}/content` : pointer };
    },
  },
  'messages/missing-key': {
    mutate(dataset, random) {
      const example = pickIndex(dataset.examples, random);
      const messages = messagesOf(dataset.examples[example]!);
      messages.splice(1, 0, { role: 'function', content: '2026-11-22' });
      return { rule: 'messages/missing-key', example, pointer: '/messages/1' };
    },
  },
  'messages/invalid-value': {
    mutate(dataset, random) {
      const isPlain = ({ role, content }: JsonObject) => role === 'assistant' && typeof content === 'string';
      const { example, message, pointer } = pickMessage(dataset, random, isPlain);
      const [key, value] = random.pick<readonly [string, unknown]>([
        ['refusal', 3],
        ['refusal', []],
        ['tool_calls', {}],
        ['tool_calls', 'today'],
        ['function_call', 'today'],
        ['audio', { id: 'audio_1' }],
      ]);
      message[key] = value;
      return { rule: 'messages/invalid-value', example, pointer: `${pointer}/${key}` };
    },
  },
  'messages/invalid-part': {
    mutate(dataset, random) {
      const hasParts = ({ content }: JsonObject) => Array.isArray(content) && content[0].type === 'text';
      const { example, message, pointer } = pickMessage(dataset, random, hasParts);
      const [part] = message.content as [JsonObject];
      const inside = random.pick(['missing', 'type', 'unknown']);
      if (inside === 'missing') delete part.text;
      else if (inside === 'type') part.text = random.pick(NOT_A_STRING);
      else part.cache_control = {};
      const end = { missing: '', type: '/text', unknown: '/cache_control' }[inside];
      return { rule: 'messages/invalid-part', example, pointer: `${pointer}/content/0${end}` };
    },
  },
  'messages/invalid-content': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, ({ content }) => typeof content === 'string');
      const [content, end] = random.pick<readonly [unknown, string]>([
        [5, ''],
        [{ text: 'x' }, ''],
        [false, ''],
        [['x'], '/0'],
        [[{ type: 'text', text: 'x' }, null], '/1'],
        [[{ text: 'x' }], '/0'],
      ]);
      message.content = content;
      return { rule: 'messages/invalid-content', example, pointer: `${pointer}/content${end}` };
    },
  },
  'messages/empty-content-parts': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user', 'tool'));
      message.content = [];
      return { rule: 'messages/empty-content-parts', example, pointer: `${pointer}/content` };
    },
  },
  'messages/unsupported-part': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user', 'tool'));
      const type = random.pick(['input_audio', 'file', 'image', 'txt', '', null]);
      message.content = [
        { type: 'text', text: 'Listen:' },
        { type, text: 'x' },
      ];
      return { rule: 'messages/unsupported-part', example, pointer: `${pointer}/content/1/type` };
    },
  },
  'messages/invalid-name': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user', 'assistant'));
      message.name = random.pick([...NOT_A_STRING, '', 'Ada Lovelace', 'Zoë', '<me>', 'x'.repeat(65), '🚲']);
      return { rule: 'messages/invalid-name', example, pointer: `${pointer}/name` };
    },
  },
  'messages/invalid-weight': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('assistant'));
      message.weight = random.pick([0.5, 2, -1, '1', true, [], {}, 1e9]);
      return { rule: 'messages/invalid-weight', example, pointer: `${pointer}/weight` };
    },
  },
  'messages/weight-on-non-assistant': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, isOf('system', 'user', 'tool'));
      message.weight = random.int(0, 1);
      return { rule: 'messages/weight-on-non-assistant', example, pointer: `${pointer}/weight` };
    },
  },
  'messages/no-assistant': {
    mutate(dataset, random) {
      const example = pickIndex(dataset.examples, random, (it) => !('tools' in it));
      const kept = messagesOf(dataset.examples[example]!).filter(({ role }) => role !== 'assistant');
      dataset.examples[example]!.messages = kept;
      return { rule: 'messages/no-assistant', example, pointer: '/messages' };
    },
  },
};
