import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { countTokens } from './count-tokens.js';
import { OptionsError } from './errors.js';
import type { FormatName } from './formats/index.js';
import { createTokenCounter, type TokenCounter } from './tokens/counter.js';
import { validateStream } from './validate.js';

let counter: TokenCounter;
beforeAll(async () => {
  counter = await createTokenCounter({ model: 'gpt-4.1-mini-2025-04-14' });
});

const CHAT = {
  messages: [
    { role: 'user', content: 'Is it raining in São Paulo?' },
    { role: 'assistant', content: 'Yes ☔, since noon.' },
  ],
};
const PREFERENCE = {
  input: { messages: [{ role: 'user', content: 'Name a river.' }] },
  preferred_output: [{ role: 'assistant', content: 'The Douro.' }],
  non_preferred_output: [{ role: 'assistant', content: 'Mont Blanc.' }],
};
const COMPLETION = { prompt: 'Name a river.', completion: ' The Douro.' };
const REINFORCEMENT = { messages: [{ role: 'user', content: 'How much is 17 + 4?' }], answer: 21 };

describe('the tokens of an example', () => {
  it.each([
    ['chat', CHAT],
    ['preference', PREFERENCE],
    ['completion', COMPLETION],
  ] as const)('are those of a %s, which its keys show', async (format, example) => {
    const counted = countTokens(example, { counter });
    expect(counted).toMatchObject({ format, isEstimate: true });
    expect(counted).toEqual(countTokens(example, { counter, format }));
    const line = new TextEncoder().encode(`${JSON.stringify(example)}\n`);
    const method = format === 'preference' ? 'dpo' : 'supervised';
    const report = await validateStream(new Blob([line]).stream(), { method, model: 'gpt-4.1-mini-2025-04-14' });
    expect([counted.total, counted.trained]).toEqual([report.tokens?.total, report.tokens?.trained]);
  });

  it('follow the format that is named', () => {
    expect(countTokens(REINFORCEMENT, { counter, format: 'reinforcement' }).trained).toBe(0);
    expect(countTokens({}, { counter, format: 'chat' })).toMatchObject({ total: 3, trained: 0 });
  });

  it.each([null, undefined, 3, 'text', [CHAT]])('are not counted in %j, which is no object', (value) => {
    expect(() => countTokens(value, { counter })).toThrow(OptionsError);
    expect(() => countTokens(value, { counter })).toThrow(/an example is an object, not/);
  });

  it('are those of what is written: no holes, nothing undefined, nothing that refers to itself', () => {
    const property = { type: 'string', enum: ['a', undefined, 3, { toJSON: () => 'b' }] };
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: { property } } } },
    ];
    const written = JSON.parse(JSON.stringify({ ...CHAT, tools }));
    expect(countTokens({ ...CHAT, tools, name: undefined }, { counter })).toEqual(countTokens(written, { counter }));
    const circular: Record<string, unknown> = { ...CHAT };
    circular.self = circular;
    expect(() => countTokens(circular, { counter })).toThrow(/cannot be written as JSON/);
  });

  it.each([undefined, {}, { counter: 'o200k_base' }])('says that %j is no counter', (options) => {
    const attempt = () => countTokens({ messages: [] }, options as unknown as Parameters<typeof countTokens>[1]);
    expect(attempt).toThrow('there is no counter to count with; createTokenCounter makes one');
  });

  it('are not counted where nothing says what it is', () => {
    expect(() => countTokens({ text: 'raw' }, { counter })).toThrow(/none of the keys .* format: "chat"/);
  });

  it('are not counted by a format that there is none of', () => {
    expect(() => countTokens(CHAT, { counter, format: 'caht' as FormatName })).toThrow(
      'unknown format "caht"; the formats are chat, preference, reinforcement, completion',
    );
  });

  it('are counted of what has the right shape only, whatever else is there', () => {
    const broken = { messages: [null, 7, { role: 'user', content: 9 }, ...CHAT.messages, { role: 'assistant' }] };
    expect(countTokens(broken, { counter }).trained).toBe(countTokens(CHAT, { counter }).trained);
    const formats: readonly FormatName[] = ['chat', 'preference', 'reinforcement', 'completion'];
    const part = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, true, 0, -1.5, '', 'user', 'assistant', 'text'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc
            .constantFrom(
              'messages',
              'role',
              'content',
              'weight',
              'tool_calls',
              'function',
              'name',
              'arguments',
              'tools',
            )
            .chain((key) => fc.constant(key)),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.constantFrom(...formats),
        fc.dictionary(
          fc.constantFrom(
            'messages',
            'tools',
            'functions',
            'input',
            'preferred_output',
            'non_preferred_output',
            'prompt',
            'completion',
          ),
          part,
        ),
        (format, example) => {
          const { total, trained } = countTokens(example, { counter, format });
          expect(Number.isSafeInteger(total) && total >= trained && trained >= 0).toBe(true);
        },
      ),
      { numRuns: 500, seed: 20_261_126 },
    );
  });
});
