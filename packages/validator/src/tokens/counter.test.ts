import fc from 'fast-check';
import { get_encoding } from 'tiktoken';
import { beforeAll, describe, expect, it } from 'vitest';
import { OptionsError } from '../errors.js';
import { createTokenCounter, type TokenCounter } from './counter.js';
import { ENCODINGS } from './encodings.js';

fc.configureGlobal({ seed: 20_261_122 });

describe.each(['gpt2', 'p50k_edit'] as const)('the counter of %s, which only tiktoken has', (encoding) => {
  it('is tiktoken itself', async () => {
    const counter = await createTokenCounter({ encoding });
    const tiktoken = get_encoding(encoding);
    expect(counter.encoding).toBe(encoding);
    for (const text of ['', 'hello', "It's 12345  \n\n naïve 你好 😀", '<|endoftext|>', 'a\ud800b', '\ufeffmark']) {
      const expected = tiktoken.encode_ordinary(text).length;
      expect(counter.count(text)).toBe(expected);
      expect(counter.countUtf8(new TextEncoder().encode(text))).toBe(expected);
    }
    tiktoken.free();
  });

  it('is loaded once', async () => {
    expect(await createTokenCounter({ encoding })).toBe(await createTokenCounter({ encoding }));
  });
});

it.each([undefined, {}, { encoding: 5 }, { model: undefined }])('%j names no encoding', async (options) => {
  await expect(createTokenCounter(options as unknown as { encoding: string })).rejects.toThrow(
    new OptionsError('encoding', 'neither an encoding nor a model is named: encoding: "o200k_base", for example'),
  );
});

describe.each(ENCODINGS)('the counter of %s', (encoding) => {
  let counter: TokenCounter;
  beforeAll(async () => {
    counter = await createTokenCounter({ encoding });
  });

  it('counts nothing in an empty text', () => {
    expect(counter.count('')).toBe(0);
  });

  it('counts a word as one token, with or without the space before it', () => {
    for (const text of ['hello', ' hello', ' the', '\n\n', '!!']) expect(counter.count(text)).toBe(1);
  });

  it.each(['<|endoftext|>', '<|endofprompt|>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>'])(
    'counts %s as the plain text that it is',
    (special) => {
      expect(counter.count(special)).toBeGreaterThan(1);
      expect(counter.count(`before ${special} after`)).toBeGreaterThan(3);
    },
  );

  it('counts a lone surrogate as U+FFFD', () => {
    for (const text of ['?', 'a?', '?b', 'say ? and ?', '??']) {
      for (const lone of ['\ud800', '\udbff', '\udc00', '\udfff']) {
        expect(counter.count(text.replaceAll('?', lone))).toBe(counter.count(text.replaceAll('?', '\ufffd')));
      }
    }
  });

  it('never counts more tokens than bytes, and counts some in every text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        const tokens = counter.count(text);
        expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(text));
        expect(tokens > 0).toBe(text !== '');
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same number again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(counter.count(text)).toBe(counter.count(text));
      }),
      { numRuns: 100 },
    );
  });
});

// Published counts: the table of the "How to count tokens with tiktoken" page of OpenAI's cookbook.
it.each([
  ['antidisestablishmentarianism', 6, 6],
  ['2 + 2 = 4', 7, 7],
  ['お誕生日おめでとう', 9, 8],
])('counts %s as published', async (text, cl100k, o200k) => {
  expect((await createTokenCounter({ encoding: 'cl100k_base' })).count(text)).toBe(cl100k);
  expect((await createTokenCounter({ encoding: 'o200k_base' })).count(text)).toBe(o200k);
});

it('loads a vocabulary once', async () => {
  const [first, second, ofModel] = await Promise.all([
    createTokenCounter({ encoding: 'o200k_base' }),
    createTokenCounter({ encoding: 'o200k_base' }),
    createTokenCounter({ model: 'gpt-4o-2024-08-06' }),
  ]);
  expect(second).toBe(first);
  expect(ofModel).toBe(first);
});

it.each([
  [{ encoding: 'o200k' }, 'encoding', /unknown encoding "o200k".*o200k_base, cl100k_base/],
  [{ encoding: 'cl100k_bas' }, 'encoding', /Did you mean cl100k_base\?/],
  [{ encoding: 'toString' }, 'encoding', /unknown encoding "toString"/],
  [{ model: 'llama-3' }, 'model', /unknown model "llama-3".*gpt-4\.1-mini-2025-04-14.*o200k_base, cl100k_base/],
  [{ model: 'ft:llama-3:org::id' }, 'model', /unknown model/],
])('refuses %j with advice', async (options, option, message) => {
  const error: unknown = await createTokenCounter(options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OptionsError);
  expect(error).toMatchObject({ option, message: expect.stringMatching(message) });
});

it('counts a text in UTF-8 as it counts the string, however long it is', async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom('', '\ufeffx', 'aß'.repeat(120_000)),
  );
  fc.assert(
    fc.property(text, (value) => {
      const bytes = new TextEncoder().encode(value);
      expect(counter.countUtf8(bytes)).toBe(counter.count(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)));
    }),
    { seed: 20_261_125, numRuns: 200 },
  );
});
