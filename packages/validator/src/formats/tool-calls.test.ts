import { expect, test } from 'vitest';
import { someDeclaredCall } from './tool-calls.js';

const parameters = { type: 'object' };
const tools = [{ type: 'function', function: { name: 'f', parameters } }];
const functions = [{ name: 'f', parameters }];
const call = { name: 'f', arguments: '{"a":1}' };
const calling = { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: call }] };
const saying = { role: 'assistant', content: 'Yes.' };
const callingWith = (text: unknown) => ({
  messages: [{ tool_calls: [{ function: { name: 'f', arguments: text } }] }],
  tools,
});

test.each<[string, object, unknown[]]>([
  ['declares and calls', { messages: [saying, calling], tools }, [{ a: 1 }]],
  ['declares and calls in the deprecated way', { messages: [{ function_call: call }], functions }, [{ a: 1 }]],
  ['calls twice', { messages: [calling, calling], tools }, [{ a: 1 }, { a: 1 }]],
  ['declares only', { messages: [saying], tools }, []],
  ['calls only', { messages: [calling] }, []],
  ['calls another function', { messages: [calling], tools: [{ function: { name: 'g', parameters } }] }, []],
  ['declares no parameters', { messages: [calling], tools: [{ function: { name: 'f' } }] }, []],
  ['has empty lists', { messages: [{ tool_calls: [] }], tools: [] }, []],
  ['writes null', { messages: [{ tool_calls: null, function_call: null }], tools }, []],
  ['has arguments that are no text', callingWith({ a: 1 }), []],
  ['has arguments that are no JSON', callingWith('{"a":'), []],
  ['has no arguments', callingWith(' '), []],
  ['has arguments that are nested too deep', callingWith(`${'['.repeat(2_000)}${']'.repeat(2_000)}`), []],
  ['calls in the input of a preference', { input: { messages: [calling], tools } }, [{ a: 1 }]],
  [
    'calls in an output of a preference',
    { input: { messages: [], tools }, non_preferred_output: [calling] },
    [{ a: 1 }],
  ],
  ['is no example at all', { messages: 7, tools: 'x', input: [null], preferred_output: [null] }, []],
])('an example that %s', (_, example, expected) => {
  const seen: unknown[] = [];
  const isSaid = someDeclaredCall(example, (schema, value) => {
    expect(schema).toBe(parameters);
    seen.push(value);
    return false;
  });
  expect([isSaid, seen]).toEqual([false, expected]);
  expect(someDeclaredCall(example, () => true)).toBe(expected.length > 0);
});
