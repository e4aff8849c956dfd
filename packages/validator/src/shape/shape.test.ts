import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostic.js';
import type { Method, ValidateOptions } from '../options.js';
import { validateStream } from '../validate.js';

fc.configureGlobal({ seed: 20_261_122 });

/** What only the rules behind the shape say, of examples as small as these. */
const NOT_SHAPE = ['file/*', 'line/*', 'dataset/*', 'tokens/*', 'format/*', 'messages/no-assistant'];

async function check(value: unknown, options: ValidateOptions = {}): Promise<readonly Diagnostic[]> {
  const source = Readable.from([Buffer.from(JSON.stringify(value))]);
  return (await validateStream(source, { tokens: 'off', ignore: NOT_SHAPE, ...options })).diagnostics;
}
const places = async (value: unknown, options?: ValidateOptions) =>
  (await check(value, options)).map(({ rule, pointer }) => `${rule} ${pointer}`);

/** The errors of an example whose neighbours decide the format, so that one that lacks its keys is still of it. */
async function errorsBetween(neighbour: object, example: unknown, method: Method): Promise<string[]> {
  const lines = [neighbour, example, neighbour].map((value) => JSON.stringify(value));
  const source = Readable.from([Buffer.from(lines.join('\n'))]);
  const { diagnostics } = await validateStream(source, { tokens: 'off', ignore: NOT_SHAPE, method });
  const errors = diagnostics.filter(({ severity, line }) => severity === 'error' && line === 2);
  return errors.map(({ rule, pointer }) => `${rule} ${pointer}`);
}

const user = { role: 'user', content: 'What is the weather?' };
const assistant = { role: 'assistant', content: 'Fine.' };
const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } };
const tool = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };
const result = { role: 'tool', tool_call_id: 'call_1', content: '20 °C' };
const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } };

/** A supervised example with these messages between a question and an answer. */
const chat = (...messages: unknown[]) => ({ messages: [user, ...messages, assistant] });
/** … with these parts in a message of that role. */
const withPart = (role: string, part: unknown) => chat({ ...user, role, content: [part] });
const withCall = (changed: unknown) => ({
  messages: [user, { role: 'assistant', tool_calls: [changed] }, result, assistant],
  tools: [tool],
});
const withTool = (changed: unknown) => ({ ...chat(), tools: [changed] });
const preference = (changes: object = {}) => ({
  input: { messages: [user] },
  preferred_output: [assistant],
  non_preferred_output: [{ ...assistant, content: 'No.' }],
  ...changes,
});
const without = (value: object, key: string) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));

describe('the shape of a valid example', () => {
  it.each<[string, unknown, Method?]>([
    ['a question and an answer', chat()],
    ['every role', chat({ role: 'system', content: 'Be brief.', name: 'x' }, assistant, user)],
    ['a call and its result', withCall(call)],
    ['weights', { messages: [user, { ...assistant, weight: 0 }, user, { ...assistant, weight: 1 }] }],
    [
      'null for every optional key of the assistant',
      {
        messages: [
          user,
          { ...assistant, name: null, refusal: null, tool_calls: null, function_call: null, audio: null },
        ],
      },
    ],
    ['content parts', chat({ role: 'user', content: [{ type: 'text', text: 'x' }, image] })],
    ['a refusal part', chat({ role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] }, user)],
    ['parallel_tool_calls', { ...withCall(call), parallel_tool_calls: true }],
    ['a preference', preference(), 'dpo'],
    ['a prompt and its completion', { prompt: 'a', completion: 'b' }],
  ])('has no fault: %s', async (_, example, method) => {
    const found = await check(example, method && { method });
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('one fault of the shape', () => {
  it.each<[string, unknown, string]>([
    ['messages that are missing', { messges: [user, assistant] }, 'example/missing-messages '],
    ['messages that are a text', { messages: 'x' }, 'example/invalid-messages /messages'],
    ['messages that are an object', { messages: {} }, 'example/invalid-messages /messages'],
    ['no message', { messages: [] }, 'example/empty-messages /messages'],
    ['an unknown key', { ...chat(), metadata: {} }, 'example/unknown-key /metadata'],
    [
      'a key called __proto__',
      JSON.parse(`{"messages":${JSON.stringify(chat().messages)},"__proto__":1}`),
      'example/unknown-key /__proto__',
    ],
    ['a key that a pointer must escape', { ...chat(), 'a/b~c': 1 }, 'example/unknown-key /a~1b~0c'],
    ['a message that is a text', chat('x'), 'messages/not-an-object /messages/1'],
    ['a message that is null', chat(null), 'messages/not-an-object /messages/1'],
    ['a message that is a list', chat([]), 'messages/not-an-object /messages/1'],
    ['a message without a role', chat({ content: 'x' }), 'messages/missing-role /messages/1'],
    ['a role that nobody knows', chat({ role: 'usr', content: 'x' }), 'messages/unknown-role /messages/1/role'],
    ['a role that is a number', chat({ role: 1, content: 'x' }), 'messages/unknown-role /messages/1/role'],
    ['a role that is null', chat({ role: null, content: 'x' }), 'messages/unknown-role /messages/1/role'],
    ['a role that is an object', chat({ role: {}, content: 'x' }), 'messages/unknown-role /messages/1/role'],
    ['a role of every object', chat({ role: 'toString', content: 'x' }), 'messages/unknown-role /messages/1/role'],
    ['an unknown key of a message', chat({ ...user, time: 1 }), 'messages/unknown-key /messages/1/time'],
    ['a key of another role', chat({ ...user, refusal: null }), 'messages/unknown-key /messages/1/refusal'],
    ['no content', chat({ role: 'user' }), 'messages/missing-content /messages/1'],
    ['content that is null', chat({ role: 'user', content: null }), 'messages/missing-content /messages/1/content'],
    ['content that is a number', chat({ role: 'user', content: 1 }), 'messages/invalid-content /messages/1/content'],
    ['content that is an object', chat({ role: 'user', content: {} }), 'messages/invalid-content /messages/1/content'],
    ['no content part', chat({ role: 'user', content: [] }), 'messages/empty-content-parts /messages/1/content'],
    ['a part that is a text', withPart('user', 'x'), 'messages/invalid-content /messages/1/content/0'],
    ['a part without a type', withPart('user', { text: 'x' }), 'messages/invalid-content /messages/1/content/0'],
    ['a part without its text', withPart('user', { type: 'text' }), 'messages/invalid-part /messages/1/content/0'],
    [
      'a part with a text that is none',
      withPart('user', { type: 'text', text: 1 }),
      'messages/invalid-part /messages/1/content/0/text',
    ],
    [
      'a part with an unknown key',
      withPart('user', { type: 'text', text: 'x', annotations: [] }),
      'messages/invalid-part /messages/1/content/0/annotations',
    ],
    [
      'a part of an unknown type',
      withPart('user', { type: 'input_audio' }),
      'messages/unsupported-part /messages/1/content/0/type',
    ],
    [
      'an image without its address',
      withPart('user', { type: 'image_url', image_url: {} }),
      'messages/invalid-part /messages/1/content/0/image_url',
    ],
    [
      'an image that is a text',
      withPart('user', { type: 'image_url', image_url: 'x' }),
      'messages/invalid-part /messages/1/content/0/image_url',
    ],
    ['an image of the system', withPart('system', image), 'images/outside-user /messages/1/content/0'],
    ['a name that is a number', chat({ ...user, name: 1 }), 'messages/invalid-name /messages/1/name'],
    [
      'a refusal that is a number',
      chat({ ...assistant, refusal: 1 }, user),
      'messages/invalid-value /messages/1/refusal',
    ],
    [
      'calls that are an object',
      chat({ ...assistant, tool_calls: {} }, user),
      'messages/invalid-value /messages/1/tool_calls',
    ],
    [
      'a deprecated call that is a text',
      chat({ ...assistant, function_call: 'x' }, user),
      'messages/invalid-value /messages/1/function_call',
    ],
    ['a function without a name', chat({ role: 'function', content: 'x' }), 'messages/missing-key /messages/1'],
    ['a result without the id of its call', chat({ role: 'tool', content: 'x' }), 'tools/unmatched-result /messages/1'],
    ['a call that is a text', withCall('x'), 'tools/invalid-call /messages/1/tool_calls/0'],
    ['a call without a function', withCall(without(call, 'function')), 'tools/invalid-call /messages/1/tool_calls/0'],
    ['a call of another type', withCall({ ...call, type: 'x' }), 'tools/invalid-call /messages/1/tool_calls/0/type'],
    ['a call without a type', withCall(without(call, 'type')), 'tools/invalid-call /messages/1/tool_calls/0'],
    [
      'a call with an unknown key',
      withCall({ ...call, index: 0 }),
      'tools/invalid-call /messages/1/tool_calls/0/index',
    ],
    [
      'a call without a name',
      withCall({ ...call, function: { arguments: '{}' } }),
      'tools/invalid-call /messages/1/tool_calls/0/function',
    ],
    [
      'arguments that are an object',
      withCall({ ...call, function: { name: 'weather', arguments: {} } }),
      'tools/arguments-not-a-string /messages/1/tool_calls/0/function/arguments',
    ],
    ['tools that are an object', { ...chat(), tools: {} }, 'tools/invalid-definition /tools'],
    ['a tool that is a text', withTool('x'), 'tools/invalid-definition /tools/0'],
    ['a tool without its type', withTool(without(tool, 'type')), 'tools/invalid-definition /tools/0'],
    ['a tool of another type', withTool({ ...tool, type: 'x' }), 'tools/invalid-definition /tools/0/type'],
    ['a tool without a name', withTool({ ...tool, function: {} }), 'tools/invalid-definition /tools/0/function'],
    ['a tool with an unknown key', withTool({ ...tool, x: 1 }), 'tools/invalid-definition /tools/0/x'],
    [
      'parameters that are a list',
      withTool({ ...tool, function: { name: 'f', parameters: [] } }),
      'tools/invalid-parameters /tools/0/function/parameters',
    ],
    [
      'strict that is a text',
      withTool({ ...tool, function: { name: 'f', strict: 'yes' } }),
      'tools/invalid-strict /tools/0/function/strict',
    ],
    [
      'parallel_tool_calls that is a number',
      { ...withCall(call), parallel_tool_calls: 1 },
      'tools/invalid-parallel-tool-calls /parallel_tool_calls',
    ],
  ])('is one error of a chat, at its place: %s', async (_, example, expected) => {
    expect(await errorsBetween(chat(), example, 'supervised')).toEqual([expected]);
  });

  it.each<[string, unknown, string]>([
    ['an output that is missing', without(preference(), 'non_preferred_output'), 'preference/missing-key '],
    ['no input', without(preference(), 'input'), 'preference/missing-key '],
    [
      'an output by another name',
      { ...without(preference(), 'preferred_output'), chosen: [assistant] },
      'preference/renamed-key /chosen',
    ],
    ['an input without messages', preference({ input: { tools: [tool] } }), 'preference/invalid-input /input'],
    [
      'an input with an unknown key',
      preference({ input: { messages: [user], x: 1 } }),
      'preference/invalid-input /input/x',
    ],
    ['an output that is a text', preference({ preferred_output: 'x' }), 'preference/invalid-output /preferred_output'],
    [
      'an output of two messages',
      preference({ preferred_output: [assistant, assistant] }),
      'preference/invalid-output /preferred_output',
    ],
    ['an output of none', preference({ preferred_output: [] }), 'preference/invalid-output /preferred_output'],
    [
      'an output of the user',
      preference({ preferred_output: [user] }),
      'preference/invalid-output /preferred_output/0',
    ],
    [
      'an output that is a list of texts',
      preference({ preferred_output: ['x'] }),
      'preference/invalid-output /preferred_output/0',
    ],
    [
      'a fault in the message of an output',
      preference({ non_preferred_output: [{ ...assistant, x: 1 }] }),
      'messages/unknown-key /non_preferred_output/0/x',
    ],
    [
      'a fault in a message of the input',
      preference({ input: { messages: [user, { role: 'x' }] } }),
      'messages/unknown-role /input/messages/1/role',
    ],
    ['an unknown key', preference({ metadata: 1 }), 'example/unknown-key /metadata'],
  ])('is one error of a preference, at its place: %s', async (_, example, expected) => {
    expect(await errorsBetween(preference(), example, 'dpo')).toEqual([expected]);
  });

  it.each([
    ['a completion that is a number', { prompt: 'a', completion: 1 }, '/completion'],
    ['a third key', { prompt: 'a', completion: ' b', id: 1 }, '/id'],
  ])('is one error of a prompt and its completion: %s', async (_, example, pointer) => {
    expect(await places(example)).toEqual([`completion/invalid-example ${pointer}`]);
  });

  it('does not keep others from being found', async () => {
    const example = {
      messages: [
        { role: 'usr', content: 1 },
        { role: 'user', contnt: 'x' },
        { ...assistant, x: 1, y: 2 },
      ],
      z: 3,
    };
    const found = await check(example);
    expect(
      found.filter(({ severity }) => severity === 'error').map(({ rule, pointer }) => `${rule} ${pointer}`),
    ).toEqual([
      'messages/unknown-role /messages/0/role',
      'messages/missing-content /messages/1',
      'messages/unknown-key /messages/2/x',
      'messages/unknown-key /messages/2/y',
      'example/unknown-key /z',
    ]);
  });
});

describe('whatever stands in an example', () => {
  const examples: readonly [Method | undefined, object][] = [
    [undefined, { ...withCall(call), parallel_tool_calls: false, functions: [{ name: 'f' }] }],
    [undefined, withPart('user', image)],
    ['dpo', preference()],
    ['reinforcement', { messages: [user], tools: [tool], answer: { a: [1] } }],
    [undefined, { prompt: 'a', completion: 'b' }],
  ];
  const steps = (value: unknown): (string | number)[][] => {
    if (typeof value !== 'object' || value === null) return [[]];
    const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return [[], ...entries.flatMap(([step, child]) => steps(child).map((rest) => [step, ...rest]))];
  };
  const replace = (value: unknown, [step, ...rest]: readonly (string | number)[], by: unknown): unknown => {
    if (step === undefined) return by;
    const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
    copy[step] = replace(copy[step], rest, by);
    return copy;
  };
  const strange = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, 0, '', [], {}, [[]], [{}], { role: 'assistant' }, { type: 'text' }, [null], {
      role: { role: [] },
    }),
    fc.constant(JSON.parse('{"__proto__":{"role":"user"},"constructor":1,"messages":[]}') as unknown),
  );

  it('never ends the check, and every finding points into the example', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...examples), fc.nat(), strange, async ([method, example], pick, value) => {
        const all = steps(example).filter((path) => path.length > 0);
        const changed = replace(example, all[pick % all.length]!, value);
        const found = await check(changed, {
          ...(method && { method }),
          tokens: 'exact',
          ignore: ['file/*', 'dataset/*'],
        });
        for (const { pointer, rule, line, params } of found) {
          if (line === undefined) continue;
          const keys = pointer!
            .split('/')
            .slice(1)
            .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
          let target: unknown = JSON.parse(JSON.stringify(changed));
          for (const key of keys) {
            expect([rule, pointer, Object.hasOwn(target as object, key)]).toEqual([rule, pointer, true]);
            target = (target as Record<string, unknown>)[key];
          }
          // What a diagnostic carries is short, whatever the data is.
          expect(JSON.stringify(params).length).toBeLessThan(600);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is cut short in what a diagnostic says of it', async () => {
    const found = await check({ messages: [{ role: 'usr', content: 'x'.repeat(10_000) }], ['k'.repeat(1_000)]: 1 });
    for (const diagnostic of found) expect(JSON.stringify(diagnostic).length).toBeLessThan(3_000);
    expect(found.map(({ params }) => JSON.stringify(params).length).every((length) => length < 300)).toBe(true);
  });

  it('keeps rules from every message of an unknown role, however many there are', async () => {
    const roles = ['human', 'gpt', 'toString'];
    const messages = roles.map((role) => ({ role, content: '', weight: 3 }));
    expect(await places({ messages: [...messages, assistant] })).toEqual(
      roles.map((_, index) => `messages/unknown-role /messages/${index}/role`),
    );
  });
});
