import { describe, expect, it } from 'vitest';
import { validateExample } from './index.js';

const good = {
  messages: [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'hello' },
  ],
};

describe('one parsed example', () => {
  it('has no diagnostics when it is right', () => {
    expect(validateExample(good)).toEqual([]);
  });

  it('is placed by pointer alone', () => {
    const [diagnostic, ...rest] = validateExample({ messages: [...good.messages, { role: 'usr', content: 'x' }] });
    expect(rest).toEqual([]);
    expect(diagnostic).toMatchObject({ rule: 'messages/unknown-role', pointer: '/messages/2/role', messageIndex: 3 });
    expect(diagnostic).not.toHaveProperty('line');
    expect(diagnostic).not.toHaveProperty('byteOffset');
  });

  it('is not about the dataset: nothing says that one example is too few', () => {
    expect(validateExample(good, { target: 'azure' })).toEqual([]);
  });

  it.each([
    [null, 'null'],
    [[1], 'an array'],
    ['text', 'a string'],
    [undefined, 'nothing'],
  ])('that is %j is no object', (value, found) => {
    expect(validateExample(value)).toMatchObject([{ rule: 'json/not-an-object', params: { found } }]);
  });

  it.each([
    [{ toString: null, valueOf: 1 }, 'the role is an object, not a string'],
    [['user'], 'the role is an array, not a string'],
    [null, 'unknown role null'],
    [3, 'unknown role 3'],
  ])('says what a role is that is %j', (role, message) => {
    expect(validateExample({ messages: [{ role, content: 'x' }, ...good.messages] })).toMatchObject([{ message }]);
  });

  it('with a key of the wrong shape that another finding stands for is looked at without it', () => {
    const messages = [...good.messages, { role: 'tool', content: 'x', tool_calls: 'x' }, good.messages[1]];
    expect(validateExample({ messages, tools: 'x' }).map(({ rule }) => rule)).toEqual([
      'tools/unmatched-result',
      'tools/invalid-definition',
    ]);
  });

  it('names a shape that is no format', () => {
    expect(validateExample({ conversations: [] })).toMatchObject([
      { rule: 'format/unknown', params: { looksLike: 'ShareGPT' } },
    ]);
  });

  it.each([
    ['an object', {}],
    ['null', null],
    ['a text', 'none'],
    ['a list of anything', [null, { name: { toString: 1 } }]],
  ])('for reinforcement may have a key "functions" of its own: %s', (_, functions) => {
    const example = { messages: good.messages.slice(0, 1), functions };
    expect(validateExample(example, { method: 'reinforcement' })).toEqual([]);
  });

  it('has a role that nobody can write as text', () => {
    const messages = [
      ...good.messages,
      { role: { toString: 1 }, content: 'x' },
      { role: [{ toString: 1 }], content: 'x' },
    ];
    expect(validateExample({ messages })).toMatchObject([
      { rule: 'messages/unknown-role', pointer: '/messages/2/role' },
      { rule: 'messages/unknown-role', pointer: '/messages/3/role' },
    ]);
  });

  it('that refers to itself is a mistake of the caller', () => {
    const circular: Record<string, unknown> = {};
    circular.messages = circular;
    expect(() => validateExample(circular)).toThrow(/cannot be written as JSON/);
  });
});
