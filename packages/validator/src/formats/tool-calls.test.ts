import { expect, test } from 'vitest';
import { hasDeclaredCalls } from './tool-calls.js';

const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
const calling = {
  role: 'assistant',
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '' } }],
};
const saying = { role: 'assistant', content: 'Yes.' };

test.each<[string, object, boolean]>([
  ['declares and calls', { messages: [saying, calling], tools }, true],
  ['declares and calls in the deprecated way', { messages: [{ function_call: {} }], functions: [{}] }, true],
  ['declares only', { messages: [saying], tools }, false],
  ['calls only', { messages: [calling] }, false],
  ['has empty lists', { messages: [{ tool_calls: [] }], tools: [] }, false],
  ['writes null', { messages: [{ tool_calls: null, function_call: null }], tools }, false],
  ['calls in the input of a preference', { input: { messages: [calling], tools } }, true],
  ['calls in an output of a preference', { input: { messages: [], tools }, non_preferred_output: [calling] }, true],
  ['is no example at all', { messages: 7, tools: 'x', input: [null], preferred_output: [null] }, false],
])('an example that %s', (_, example, expected) => {
  expect(hasDeclaredCalls(example)).toBe(expected);
});
