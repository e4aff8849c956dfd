import { expect, it } from 'vitest';
import { countTokens } from './count-example.js';
import { OptionsError } from './errors.js';
import { createTokenCounter } from './tokens/counter.js';
import { validateStream } from './validate.js';

const counter = await createTokenCounter({ encoding: 'o200k_base' });
const user = { role: 'user', content: 'Is it there?' };
const answer = { role: 'assistant', content: 'Yes.' };

it.each([
  ['a chat', { messages: [user, answer] }],
  ['a preference', { input: { messages: [user] }, preferred_output: [answer], non_preferred_output: [answer] }],
  ['a completion', { prompt: 'Is it there?', completion: ' Yes.' }],
  [
    'a chat with faults',
    { messages: [user, { role: 'assistant', content: 5 }, 'x', { role: 'bot', content: 'hi' }, answer] },
  ],
])('counts of %s what a check of its line counts', async (_, example) => {
  async function* source() {
    yield new TextEncoder().encode(JSON.stringify(example));
  }
  const { tokens } = await validateStream(source());
  const { total, trained } = countTokens(example, { counter });
  expect({ total, trained }).toEqual({ total: tokens?.total, trained: tokens?.trained });
});

it.each([[{ messages: 5 }], [{ messages: [null] }], [{ tools: {} }], [{}]])(
  'counts nothing of what is wrong in %j',
  (wrong) => {
    expect(countTokens(wrong, { counter }).trained).toBe(0);
  },
);

it('takes the format that it is given', () => {
  expect(countTokens({ messages: [user, answer] }, { counter, format: 'reinforcement' }).trained).toBe(0);
});

it.each([['text'], [null], [[user]]])('refuses %j, which is no example', (example) => {
  expect(() => countTokens(example, { counter })).toThrow(OptionsError);
});
