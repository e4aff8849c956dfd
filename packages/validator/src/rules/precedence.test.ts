import { describe, expect, it, test } from 'vitest';
import type { ValidateOptions } from '../options.js';
import { validateStream } from '../validate.js';

const user = { role: 'user', content: 'Is it there?' };
const answer = { role: 'assistant', content: 'Yes.' };
const calling = {
  role: 'assistant',
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'find', arguments: '{}' } }],
};
const chat = (...messages: object[]) => ({ messages });

interface Pair {
  readonly first: string;
  readonly second: string;
  readonly dataset: readonly object[];
  readonly options?: ValidateOptions;
  /** Where the second is not reported even without the first: its own condition leaves the case out. */
  readonly isNeverBoth?: true;
}

// The table of the catalogue, a call that is answered by the assistant itself, and two pairs that only a target has whose
// users must take turns.
const pairs: readonly Pair[] = [
  { first: 'messages/no-assistant', second: 'messages/last-not-assistant', dataset: [chat(user)] },
  { first: 'messages/no-assistant', second: 'tokens/nothing-trained', dataset: [chat(user)] },
  {
    first: 'messages/no-trained-message',
    second: 'tokens/nothing-trained',
    dataset: [chat(user, { ...answer, weight: 0 })],
  },
  {
    first: 'tools/empty-calls',
    second: 'messages/empty-assistant',
    dataset: [chat(user, { role: 'assistant', tool_calls: [] })],
  },
  {
    first: 'messages/invalid-weight',
    second: 'messages/no-trained-message',
    dataset: [chat(user, { ...answer, weight: 0.5 })],
    isNeverBoth: true,
  },
  {
    first: 'messages/starts-with-assistant',
    second: 'messages/no-user',
    dataset: [chat(answer)],
    options: { target: 'azure' },
  },
  {
    first: 'tools/unanswered-call',
    second: 'messages/consecutive-assistant',
    dataset: [chat(user, calling, answer)],
  },
  {
    first: 'messages/role-alternation',
    second: 'messages/consecutive-assistant',
    dataset: [chat(user, answer, answer)],
    options: { target: 'together' },
  },
  {
    first: 'messages/role-alternation',
    second: 'messages/system-position',
    dataset: [chat({ role: 'system', content: 'a' }, { role: 'system', content: 'b' }, user, answer)],
    options: { target: 'together' },
  },
  {
    first: 'messages/invalid-content',
    second: 'messages/empty-assistant',
    dataset: [chat(user, { role: 'assistant', content: 7 })],
    isNeverBoth: true,
  },
  {
    first: 'messages/invalid-content',
    second: 'messages/empty-content',
    dataset: [chat({ role: 'user', content: [7] }, answer)],
    isNeverBoth: true,
  },
];

describe('one mistake gives one diagnostic:', () => {
  for (const { first, second, dataset, options, isNeverBoth } of pairs) {
    it(`${first} silences ${second}`, async () => {
      const found = await idsIn(dataset, options);
      expect(found).toContain(first);
      expect(found).not.toContain(second);
    });

    it(`${second} is ${isNeverBoth ? 'silent' : 'reported'} when ${first} is ignored`, async () => {
      const found = await idsIn(dataset, { ...options, ignore: [first] });
      if (isNeverBoth) expect(found).not.toContain(second);
      else expect(found).toContain(second);
    });
  }
});

test('a wrong weight of the user hides nothing of the answers', async () => {
  const found = await idsIn([chat({ ...user, weight: 0.5 }, { ...answer, weight: 0 })]);
  expect(found).toEqual(expect.arrayContaining(['messages/invalid-weight', 'messages/no-trained-message']));
});

test('a second answer after one that goes on without the result is reported', async () => {
  const find = { type: 'function', function: { name: 'find' } };
  const dataset = [{ ...chat(user, calling, answer, answer), tools: [find] }];
  const options = { ignore: ['messages/no-system', 'dataset/too-few-examples'] };
  expect(await idsIn(dataset, options)).toEqual(['tools/unanswered-call', 'messages/consecutive-assistant']);
});

describe('a key under another name is one mistake:', () => {
  const withPart = (part: object) => chat({ role: 'user', content: [part] }, answer);
  const withCall = (call: object) => ({ ...chat(user, { role: 'assistant', tool_calls: [call] }), tools: [find] });
  const find = { type: 'function', function: { name: 'find' } };
  const called = { name: 'find', arguments: '{}' };
  test.each<[string, object, string]>([
    ['contents of the user', chat({ role: 'user', contents: 'Is it there?' }, answer), 'messages/missing-content'],
    ['text of the assistant', chat(user, { role: 'assistant', text: 'Yes.' }), 'messages/empty-assistant'],
    ['the url of an image', withPart({ type: 'image_url', url: 'https://a.example/b.png' }), 'messages/invalid-part'],
    [
      'the uri in it',
      withPart({ type: 'image_url', image_url: { uri: 'https://a.example' } }),
      'messages/invalid-part',
    ],
    ['the content of a text', withPart({ type: 'text', content: 'Is it there?' }), 'messages/invalid-part'],
    ['args', withCall({ id: 'a', type: 'function', function: { name: 'find', args: '{}' } }), 'tools/invalid-call'],
    ['a call without "function"', withCall({ id: 'a', ...called }), 'tools/invalid-call'],
    ['a definition without it', { ...chat(user, answer), tools: [{ name: 'find' }] }, 'tools/invalid-definition'],
    [
      'the id of a result',
      { ...chat(user, calling, { role: 'tool', id: 'call_1', content: '1' }, answer), tools: [find] },
      'tools/unmatched-result',
    ],
  ])('%s', async (_, example, rule) => {
    expect(await idsIn([example], { ignore: ['messages/no-system', 'dataset/too-few-examples'] })).toEqual([rule]);
  });

  test('a key that is nothing of the kind is reported beside the missing one', async () => {
    const found = await idsIn([chat({ role: 'user', timestamp: 7 }, answer)]);
    expect(found).toEqual(expect.arrayContaining(['messages/missing-content', 'messages/unknown-key']));
  });
});

test('an empty list of calls in one message silences nothing in another', async () => {
  const dataset = [
    chat(
      user,
      { role: 'assistant', tool_calls: [] },
      { ...user, content: 'Hello?' },
      { role: 'assistant', content: null },
    ),
  ];
  expect(await idsIn(dataset)).toEqual(expect.arrayContaining(['tools/empty-calls', 'messages/empty-assistant']));
});

test('mistakes that have nothing to do with each other are all reported', async () => {
  const found = await idsIn([
    chat({ role: 'developer', content: '' }, { ...user, name: 'Robin Meyer' }, { role: 'assistant' }, user),
  ]);
  expect(found).toEqual(
    expect.arrayContaining([
      'messages/developer-role',
      'messages/empty-content',
      'messages/invalid-name',
      'messages/empty-assistant',
      'messages/last-not-assistant',
    ]),
  );
});

async function idsIn(dataset: readonly object[], options: ValidateOptions = {}): Promise<readonly string[]> {
  async function* source() {
    for (const example of dataset) yield new TextEncoder().encode(`${JSON.stringify(example)}\n`);
  }
  const { diagnostics } = await validateStream(source(), options);
  return diagnostics.map(({ rule }) => rule);
}
