import { describe, expect, it } from 'vitest';
import type { ChatExample } from '../formats/index.js';
import { countChatTokens, countExampleTokens } from './count-tokens.js';
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
  await expect(createTokenCounter({ encoding: 'o200k_bass' })).rejects.toThrow(
    'unknown encoding "o200k_bass"; the known ones are o200k_base, cl100k_base, o200k_harmony, p50k_base, r50k_base, ' +
      'gpt2, p50k_edit. Did you mean o200k_base?',
  );
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

describe('where the first answer that is trained on begins', () => {
  const start = async (example: ChatExample) =>
    countChatTokens(example, await createTokenCounter({ encoding: 'o200k_base' })).firstTrainedStart;
  const user = { role: 'user', content: 'five' } as const;

  it('is behind the answers of weight 0', async () => {
    const untrained = { role: 'assistant', content: 'four', weight: 0 } as const;
    expect(await start({ messages: [user, untrained, user, { role: 'assistant', content: 'six' }] })).toBe(3 * 5);
  });

  it('is nowhere when all answers have weight 0, or there is none', async () => {
    expect(await start({ messages: [user, { role: 'assistant', content: 'four', weight: 0 }] })).toBeUndefined();
    expect(await start({ messages: [user] })).toBeUndefined();
  });

  it('is at what could not be read: it may have been an answer', async () => {
    expect(await start({ messages: [user, {}] })).toBe(5);
    expect(await start({})).toBe(0);
  });
});

it('counts of a preference the longer output as what is trained on at once', async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  const assistant = (content: string) => [{ role: 'assistant', content }] as const;
  const example = {
    input: { messages: [{ role: 'user', content: 'five' }] },
    preferred_output: assistant('six'),
    non_preferred_output: assistant('six seven eight'),
  };
  expect(countExampleTokens('preference', example, counter)).toEqual({
    total: 3 + 5 + 5 + 7,
    trained: 4,
    sequence: 3 + 5 + 7,
    tools: 0,
    longestMessage: { pointer: '/non_preferred_output/0', tokens: 7 },
    lastAssistantStart: 5,
    firstTrainedStart: 5,
  });
});

it('names the longer text of a completion', async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  expect(countExampleTokens('completion', { prompt: 'one two three', completion: ' four' }, counter)).toEqual({
    total: 4,
    trained: 1,
    sequence: 4,
    tools: 0,
    longestMessage: { pointer: '/prompt', tokens: 3 },
    lastAssistantStart: 3,
    firstTrainedStart: 3,
  });
});

it('counts values of an enumeration that are no texts as they are written in JSON', async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  const withEnum = (value: unknown): ChatExample => ({
    tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { a: { enum: [value] } } } } }],
  });
  const total = (value: unknown) => countExampleTokens('chat', withEnum(value), counter).total;
  expect(total({ toString: 1 })).toBe(total('{"toString":1}'));
  expect(total(7)).toBe(total('7'));
});

it('does not count the keys that a grader of reinforcement reads', async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  const example = { messages: [{ role: 'user', content: 'hi' }] };
  const counted = countExampleTokens('reinforcement', { ...example, functions: { a: 1 } }, counter);
  expect(counted).toEqual(countExampleTokens('reinforcement', example, counter));
});
