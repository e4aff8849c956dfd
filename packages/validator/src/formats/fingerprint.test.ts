import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFingerprinter, valueFingerprint } from './fingerprint.js';

const seeded = { seed: 20_261_122, numRuns: 500 };

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, shuffled(entry)]),
  );
}

it('is the same whatever the order of the keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(valueFingerprint(shuffled(value))).toBe(valueFingerprint(value));
    }),
    seeded,
  );
});

it('is another for another value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      if (JSON.stringify(shuffled(one)) === JSON.stringify(shuffled(other))) return;
      // JSON writes -0 as 0, and so do the keys that integers become.
      if (JSON.stringify(one) === JSON.stringify(other)) return;
      expect(valueFingerprint(one)).not.toBe(valueFingerprint(other));
    }),
    seeded,
  );
});

it('does not confuse what stands in one place with what stands in another', () => {
  const values = [
    ['ab'],
    ['a', 'b'],
    [['a'], 'b'],
    { a: 'b' },
    { b: 'a' },
    { a: { b: 'c' } },
    { 'a.b': 'c' },
    [],
    {},
    '',
    null,
    0,
    '0',
    false,
    'false',
    [null],
    [[]],
    { a: null },
    { a: 'x', b: 'y' },
    { a: 'y', b: 'x' },
  ];
  expect(new Set(values.map(valueFingerprint)).size).toBe(values.length);
});

it('has no collision among a million texts that differ in a digit or two', () => {
  const seen = new Set<number>();
  for (let index = 0; index < 1_000_000; index += 1) seen.add(valueFingerprint(`What is ${index} plus ${index % 7}?`));
  expect(seen.size).toBe(1_000_000);
});

it('has none among examples that differ in one character of a long text', () => {
  const base = 'abcdefgh'.repeat(500);
  const seen = new Set<number>();
  for (let at = 0; at < base.length; at += 1) {
    for (const character of ['x', 'é', '你']) {
      seen.add(
        valueFingerprint({ messages: [{ role: 'user', content: base.slice(0, at) + character + base.slice(at + 1) }] }),
      );
    }
  }
  expect(seen.size).toBe(base.length * 3);
});

it('is the same with and without what is remembered of the example', () => {
  const fingerprinter = createFingerprinter();
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'hello' },
  ];
  for (const value of [{ messages }, [messages.slice(0, 1)], { messages, tools: [] }, messages]) {
    expect(fingerprinter.of(value)).toBe(valueFingerprint(value));
    expect(fingerprinter.of(value)).toBe(valueFingerprint(value));
  }
  fingerprinter.forget();
  expect(fingerprinter.of({ messages })).toBe(valueFingerprint({ messages }));
});
