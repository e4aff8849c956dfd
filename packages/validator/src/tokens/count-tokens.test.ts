import { describe, expect, it } from 'vitest';
import type { ChatExample } from '../formats/index.js';
import { countChatTokens } from './count-tokens.js';
import { createTokenCounter } from './counter.js';

// The two conversations of OpenAI's cookbook, with the numbers that it prints beside those of the API.
const jargon: ChatExample = {
  messages: [
    {
      role: 'system',
      content: 'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.',
    },
    { role: 'system', name: 'example_user', content: 'New synergies will help drive top-line growth.' },
    { role: 'system', name: 'example_assistant', content: 'Things working well together will increase revenue.' },
    {
      role: 'system',
      name: 'example_user',
      content: "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
    },
    {
      role: 'system',
      name: 'example_assistant',
      content: "Let's talk later when we're less busy about how to do better.",
    },
    {
      role: 'user',
      content: "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    },
  ],
};
const weather: ChatExample = {
  messages: [
    { role: 'system', content: 'You are a helpful assistant that can answer to questions about the weather.' },
    { role: 'user', content: "What's the weather like in San Francisco?" },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_current_weather',
        description: 'Get the current weather in a given location',
        parameters: {
          type: 'object',
          properties: {
            location: { type: 'string', description: 'The city and state, e.g. San Francisco, CA' },
            unit: { type: 'string', description: 'The unit of temperature to return', enum: ['celsius', 'fahrenheit'] },
          },
          required: ['location'],
        },
      },
    },
  ],
};

describe('the cookbook examples', () => {
  it.each([
    ['cl100k_base', jargon, 129],
    ['o200k_base', jargon, 124],
    ['cl100k_base', weather, 105],
    ['o200k_base', weather, 101],
  ])('have the published number of tokens in %s', async (encoding, example, tokens) => {
    expect(countChatTokens(example, await createTokenCounter({ encoding })).total).toBe(tokens);
  });
});

it('counts the text of special tokens as plain text', async () => {
  const counter = await createTokenCounter({ model: 'gpt-4.1-mini' });
  expect(counter.encoding).toBe('o200k_base');
  expect(counter.count('<|endoftext|>')).toBeGreaterThan(1);
});

it('takes a fine-tuned model for its base model', async () => {
  expect((await createTokenCounter({ model: 'ft:gpt-4.1-mini-2025-04-14:org::abc' })).encoding).toBe('o200k_base');
  expect((await createTokenCounter({ model: 'ft:gpt-3.5-turbo-0125:org::abc' })).encoding).toBe('cl100k_base');
});

it('names the known encodings when one is unknown', async () => {
  await expect(createTokenCounter({ encoding: 'o200k_bass' })).rejects.toThrow(/Did you mean o200k_base/);
  await expect(createTokenCounter({ model: 'claude' })).rejects.toThrow(/unknown model "claude"/);
});

it('trains on assistant messages whose weight is not 0', async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  const example: ChatExample = {
    messages: [
      { role: 'user', content: 'one two three' },
      { role: 'assistant', content: 'four', weight: 0 },
      { role: 'user', content: 'five' },
      { role: 'assistant', content: 'six seven' },
    ],
  };
  const tokens = countChatTokens(example, counter);
  expect(tokens.trained).toBe(counter.count('six seven'));
  expect(tokens.longestMessage).toEqual({ pointer: '/messages/0', tokens: 7 });
  expect(tokens.lastAssistantStart).toBe(tokens.total - 3 - (3 + 1 + 2));
});
