import { type JsonObject, type Mutations, pickIndex, pickMessage } from '../mutation.js';
import { pickCall, pickDefinition } from './tools.js';

const OTHER_NAMES = ['ring bell', 'läuten', 'ring.bell', '', 'r'.repeat(65), '🔔'];

/** What a call of `find_order` may have for arguments, and what it may not. */
const MISMATCHES = ['{}', '{"number":"4811"}', '{"number":4811,"detail":"long"}', '{"number":4811,"größe":1}'];
const NOT_JSON = ['', ' ', "{'number': 1}", '{"number":4811', '{"number":NaN}', '[4811]', '"4811"', '4811', 'null'];

/** Rules about what calls mean, whose shape is right. */
export const toolCallMutations: Mutations = {
  'tools/invalid-function-name': {
    mutate(dataset, random) {
      const { example, definition, pointer } = pickDefinition(dataset, random);
      definition.name = random.pick(OTHER_NAMES);
      return { rule: 'tools/invalid-function-name', example, pointer: `${pointer}/function/name` };
    },
  },
  'tools/duplicate-function': {
    mutate(dataset, random) {
      const { example, tool, tools, pointer } = pickDefinition(dataset, random);
      tools.splice(random.int(0, tools.length - 1), 0, structuredClone(tool));
      const at = Number(pointer.split('/').at(-1)) + 1;
      return { rule: 'tools/duplicate-function', example, pointer: `/tools/${at}/function/name` };
    },
  },
  'tools/empty-list': {
    mutate(dataset, random) {
      const example = pickIndex(dataset.examples, random, ({ tools }) => tools === undefined);
      const key = random.pick(['tools', 'functions']);
      dataset.examples[example]![key] = [];
      return { rule: 'tools/empty-list', example, pointer: `/${key}` };
    },
  },
  'tools/deprecated-functions': {
    mutate(dataset, random) {
      const example = pickIndex(dataset.examples, random, ({ tools }) => tools === undefined);
      dataset.examples[example]!.functions = [{ name: 'ring_bell', parameters: { type: 'object', properties: {} } }];
      return { rule: 'tools/deprecated-functions', example, pointer: '/functions' };
    },
  },
  'tools/tools-and-functions': {
    mutate(dataset, random) {
      const example = pickIndex(dataset.examples, random, ({ tools }) => Array.isArray(tools));
      dataset.examples[example]!.functions = [{ name: random.pick(['ring_bell', 'find_order']) }];
      return { rule: 'tools/tools-and-functions', example, pointer: '/functions' };
    },
  },
  'tools/arguments-not-json': {
    mutate(dataset, random) {
      const { example, called, pointer } = pickCall(dataset, random);
      called.arguments = random.pick(NOT_JSON);
      return { rule: 'tools/arguments-not-json', example, pointer: `${pointer}/function/arguments` };
    },
  },
  'tools/arguments-mismatch': {
    mutate(dataset, random) {
      const { example, called, pointer } = pickCall(dataset, random);
      called.name = 'find_order';
      called.arguments = random.pick(MISMATCHES);
      return { rule: 'tools/arguments-mismatch', example, pointer: `${pointer}/function/arguments` };
    },
  },
  'tools/undeclared-function': {
    mutate(dataset, random) {
      const { example, called, pointer } = pickCall(dataset, random);
      called.name = random.pick(['find_ordre', 'cancel_order', 'Today']);
      return { rule: 'tools/undeclared-function', example, pointer: `${pointer}/function/name` };
    },
  },
  'tools/unmatched-result': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(dataset, random, ({ role }) => role === 'tool');
      if (random.int(0, 1) === 0) {
        delete message.tool_call_id;
        return { rule: 'tools/unmatched-result', example, pointer };
      }
      message.tool_call_id = random.pick(['', `${message.tool_call_id}x`, 'call_ü', 'abcdefghi']);
      return { rule: 'tools/unmatched-result', example, pointer: `${pointer}/tool_call_id` };
    },
  },
  'tools/unanswered-call': {
    mutate(dataset, random) {
      const { example, index, messages, message } = pickMessage(dataset, random, ({ role }) => role === 'tool');
      messages[index] = { role: 'user', content: 'Well?' };
      // The first message of the user goes to the end of the results, so that none of the others comes too late.
      let to = index;
      while (messages[to + 1]?.role === 'tool') {
        [messages[to], messages[to + 1]] = [messages[to + 1]!, messages[to]!];
        to += 1;
      }
      const from = messages.findLastIndex(({ tool_calls }, at) => at < index && Array.isArray(tool_calls));
      const calls = messages[from]!.tool_calls as JsonObject[];
      const call = calls.findIndex(({ id }) => id === message.tool_call_id);
      return { rule: 'tools/unanswered-call', example, pointer: `/messages/${from}/tool_calls/${call}` };
    },
  },
  'tools/duplicate-call-id': {
    mutate(dataset, random) {
      const { example, calls, called, at, pointer } = pickCall(dataset, random);
      const id = calls[at]!.id;
      calls.splice(at + 1, 0, { id, type: 'function', function: { ...called } });
      dataset.examples[example]!.parallel_tool_calls = true;
      const end = pointer.slice(0, pointer.lastIndexOf('/'));
      return { rule: 'tools/duplicate-call-id', example, pointer: `${end}/${at + 1}/id` };
    },
  },
  'tools/empty-calls': {
    mutate(dataset, random) {
      const { example, message, pointer } = pickMessage(
        dataset,
        random,
        ({ role, tool_calls }) => role === 'assistant' && tool_calls === undefined,
      );
      message.tool_calls = [];
      return { rule: 'tools/empty-calls', example, pointer: `${pointer}/tool_calls` };
    },
  },
  'tools/call-id-format': {
    mutate(dataset, random) {
      dataset.flags.push('--target', 'mistral');
      const { example, messages, call, pointer } = pickCall(dataset, random);
      const before = call.id;
      call.id = random.pick(['call_1', 'abcdefgh', 'abcdefghij', 'abcd_fghi', '']);
      for (const message of messages) if (message.tool_call_id === before) message.tool_call_id = call.id;
      return { rule: 'tools/call-id-format', example, pointer: `${pointer}/id` };
    },
  },
};
