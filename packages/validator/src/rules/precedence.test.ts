import { describe, expect, it, test } from 'vitest';
import type { ValidateOptions } from '../options.js';
import { validateStream } from '../validate.js';

const user = { role: 'user', content: 'Is it there?' };
const answer = { role: 'assistant', content: 'Yes.' };
const chat = (...messages: object[]) => ({ messages });

interface Pair {
  readonly first: string;
  readonly second: string;
  readonly dataset: readonly object[];
  readonly options?: ValidateOptions;
  /** Where the second is not reported even without the first: its own condition leaves the case out. */
  readonly isNeverBoth?: true;
}

// The table of the catalogue, and two pairs that only a target has whose users must take turns.
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
    dataset: [chat({ ...user, weight: 0.5 }, { ...answer, weight: 0 })],
  },
  {
    first: 'messages/starts-with-assistant',
    second: 'messages/no-user',
    dataset: [chat(answer)],
    options: { target: 'azure' },
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
