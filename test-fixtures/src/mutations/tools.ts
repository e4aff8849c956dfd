import { type JsonObject, type MutableDataset, type Mutations, pickIndex, pickMessage } from '../mutation.js';
import type { Random } from '../random.js';

export interface PickedDefinition {
  readonly example: number;
  readonly tool: JsonObject;
  readonly definition: JsonObject;
  readonly tools: JsonObject[];
  readonly pointer: string;
}

/** A definition that no call of its example uses: what becomes of the calls is for other rules. */
export function pickDefinition({ examples }: MutableDataset, random: Random): PickedDefinition {
  const example = pickIndex(examples, random, (it) => Array.isArray(it.tools));
  const tools = examples[example]!.tools as JsonObject[];
  tools.push({ type: 'function', function: { name: 'ring_bell', parameters: { type: 'object', properties: {} } } });
  const index = tools.length - 1;
  const tool = tools[index]!;
  return { example, tool, tools, definition: tool.function as JsonObject, pointer: `/tools/${index}` };
}

/** A call that a message of the assistant makes. */
export function pickCall(dataset: MutableDataset, random: Random) {
  const picked = pickMessage(dataset, random, ({ tool_calls }) => Array.isArray(tool_calls));
  const calls = picked.message.tool_calls as JsonObject[];
  const index = random.int(0, calls.length - 1);
  const call = calls[index]!;
  return {
    ...picked,
    call,
    calls,
    called: call.function as JsonObject,
    at: index,
    pointer: `${picked.pointer}/tool_calls/${index}`,
  };
}

export const toolsMutations: Mutations = {
  'tools/invalid-definition': {
    mutate(dataset, random) {
      const { example, tool, tools, definition, pointer } = pickDefinition(dataset, random);
      const end = random.pick([
        () => {
          delete tool.type;
          return '';
        },
        () => {
          delete tool.function;
          return '';
        },
        () => {
          delete definition.name;
          return '/function';
        },
        () => {
          definition.name = random.pick([7, null, ['x']]);
          return '/function/name';
        },
        () => {
          definition.description = random.pick([7, null]);
          return '/function/description';
        },
        () => {
          definition.returns = 'a bell';
          return '/function/returns';
        },
        () => {
          tools[tools.length - 1] = random.pick(['ring_bell', null, 7]) as unknown as JsonObject;
          return '';
        },
      ])();
      return { rule: 'tools/invalid-definition', example, pointer: pointer + end };
    },
  },
  'tools/invalid-parameters': {
    mutate(dataset, random) {
      const { example, definition, pointer } = pickDefinition(dataset, random);
      const at = `${pointer}/function/parameters`;
      if (random.int(0, 1) === 0) {
        definition.parameters = random.pick(['{}', [], null, true, 7]);
        return { rule: 'tools/invalid-parameters', example, pointer: at };
      }
      const [end, parameters] = random.pick([
        ['/type', { type: random.pick(['dict', 'Object', '', 7, null]) }],
        ['/required', { type: 'object', properties: {}, required: random.pick([true, 'tune', null, {}]) }],
        ['/required/1', { type: 'object', properties: {}, required: ['tune', random.pick([1, null])] }],
        ['/properties', { properties: random.pick([[], 'tune', null]) }],
        ['/properties/größe', { properties: { größe: random.pick(['string', 7, null, []]) } }],
        ['/properties/a~1b/anyOf', { properties: { 'a/b': { anyOf: random.pick([[], {}, 'x']) } } }],
        ['/properties/a/maxItems', { properties: { a: { maxItems: random.pick([-1, 1.5, '3']) } } }],
      ] as const);
      definition.parameters = parameters;
      return { rule: 'tools/invalid-parameters', example, pointer: at + end };
    },
  },
  'tools/invalid-strict': {
    mutate(dataset, random) {
      const { example, definition, pointer } = pickDefinition(dataset, random);
      definition.strict = random.pick(['true', 1, {}, []]);
      return { rule: 'tools/invalid-strict', example, pointer: `${pointer}/function/strict` };
    },
  },
  'tools/invalid-parallel-tool-calls': {
    mutate(dataset, random) {
      if (random.int(0, 1) === 0) {
        const { example, pointer } = pickMessage(
          dataset,
          random,
          ({ tool_calls }) => Array.isArray(tool_calls) && tool_calls.length > 1,
        );
        dataset.examples[example]!.parallel_tool_calls = false;
        return { rule: 'tools/invalid-parallel-tool-calls', example, pointer: `${pointer}/tool_calls` };
      }
      const example = pickIndex(dataset.examples, random, ({ tools }) => Array.isArray(tools));
      dataset.examples[example]!.parallel_tool_calls = random.pick(['true', 0, null, []]);
      return { rule: 'tools/invalid-parallel-tool-calls', example, pointer: '/parallel_tool_calls' };
    },
  },
  'tools/invalid-call': {
    mutate(dataset, random) {
      const { example, call, called, pointer } = pickCall(dataset, random);
      const end = random.pick([
        () => {
          delete call.type;
          return '';
        },
        () => {
          call.type = 'custom';
          return '/type';
        },
        () => {
          call.index = 0;
          return '/index';
        },
        () => {
          delete called.name;
          return '/function';
        },
        () => {
          delete called.arguments;
          return '/function';
        },
        () => {
          called.name = random.pick([null, 7, {}]);
          return '/function/name';
        },
      ])();
      return { rule: 'tools/invalid-call', example, pointer: pointer + end };
    },
  },
  'tools/arguments-not-a-string': {
    mutate(dataset, random) {
      const { example, called, pointer } = pickCall(dataset, random);
      called.arguments = random.pick([JSON.parse(String(called.arguments)), null, [], 7]);
      return { rule: 'tools/arguments-not-a-string', example, pointer: `${pointer}/function/arguments` };
    },
  },
};
