import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFingerprints, numberAt, RECORD, RECORD_WORDS, valueFingerprint } from './fingerprint.js';
import type { ChatExample, ChatMessage, FormatName, PreferenceExample } from './index.js';

const seeded = { seed: 20_261_122, numRuns: 1_000 };
const fingerprints = createFingerprints();

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, shuffled(entry)]),
  );
}

/** A value as another writer writes it: keys the other way round, white space, escapes, numbers with exponents. */
function otherSpelling(value: unknown): string {
  if (typeof value === 'string') {
    const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return `"${value.replaceAll(/[^a-m ]/g, escaped)}"`;
  }
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 1e20 ? `${value}.00` : value.toExponential();
  if (Array.isArray(value)) return `[ ${value.map(otherSpelling).join(' ,\t')} ]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([key, entry]) => `${otherSpelling(key)} : ${otherSpelling(entry)}`);
  return `{\r${members.reverse().join(' , ')}}`;
}

const wholeOf = (line: string): readonly number[] => {
  const record = new Uint32Array(RECORD_WORDS);
  expect(fingerprints.ofLine(line, 'unknown', record)).toBe('example');
  return [...record.subarray(0, 4)];
};

/** JSON writes -0 as 0. */
const jsonValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

it('is the same however the value is written', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const line = `{"x":${JSON.stringify(value)}}`;
      expect(wholeOf(`{"x":${otherSpelling(value)}}`)).toEqual(wholeOf(line));
      expect(wholeOf(`{"x":${JSON.stringify(shuffled(value))}}`)).toEqual(wholeOf(line));
    }),
    seeded,
  );
});

it('is the same for every spelling of a number, and another for its neighbours', () => {
  const whole = (number: string) => wholeOf(`{"n":${number}}`);
  for (const same of [
    ['1', '1.0', '1e0', '10e-1', '0.1e1', '1.000000000000000000000', '100000000000000000000e-20'],
    ['0', '-0', '0.0', '-0.0', '0e5', '-0e-5', '1e-400', '-1e-400'],
    ['0.1', '1e-1', '0.1000000000000000055511151231257827', '0.10000000000000000'],
    ['9007199254740993', '9007199254740992', '9007199254740992.5'],
    ['1.7976931348623157e308', '17976931348623157e292'],
  ]) {
    for (const spelling of same) expect(whole(spelling)).toEqual(whole(same[0]!));
  }
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(whole(number.toExponential())).toEqual(whole(JSON.stringify(number)));
      const next = number === 0 ? 5e-324 : number * (1 + Number.EPSILON);
      if (Number.isFinite(next) && next !== number)
        expect(whole(JSON.stringify(next))).not.toEqual(whole(JSON.stringify(number)));
    }),
    seeded,
  );
});

it('is that of the last value where a key stands twice', () => {
  expect(wholeOf('{"a":1,"b":[{"c":1,"c":2}],"a":3}')).toEqual(wholeOf('{"a":3,"b":[{"c":2}]}'));
});

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
    fc.property(jsonValue, jsonValue, (one, other) => {
      if (JSON.stringify(shuffled(one)) === JSON.stringify(shuffled(other))) return;
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
    '\0',
    '\0\0',
    ['', ''],
    [''],
    '\ud800',
    '\ufffd',
  ];
  expect(new Set(values.map(valueFingerprint)).size).toBe(values.length);
});

it('has no collision among a million texts that differ in a digit or two', () => {
  const seen = new Set<number>();
  for (let index = 0; index < 1_000_000; index += 1) seen.add(valueFingerprint(`What is ${index} plus ${index % 7}?`));
  expect(seen.size).toBe(1_000_000);
});

it('spreads over all bits of every word', () => {
  const records = Array.from({ length: 20_000 }, (_, index) => wholeOf(`{"n":${index},"t":"${index % 5}"}`));
  for (let word = 0; word < 4; word += 1) {
    for (let bit = 0; bit < 32; bit += 1) {
      const ones = records.filter((record) => ((record[word]! >>> bit) & 1) === 1).length;
      // Five standard deviations.
      expect(Math.abs(ones - 10_000)).toBeLessThan(5 * Math.sqrt(20_000) * 0.5);
    }
  }
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

/** What the model is given and what it is to answer, by the words of {@link Fingerprints.ofLine}. */
function splitExample(format: FormatName, example: object): { prompt: unknown; answer: unknown } | undefined {
  if (format === 'completion') {
    const { prompt, completion } = example as { prompt: string; completion: string };
    return { prompt, answer: completion };
  }
  if (format === 'preference') {
    const { input, preferred_output } = example as PreferenceExample;
    return { prompt: input, answer: preferred_output!.map(saidIn) };
  }
  const { messages = [], tools, functions } = example as ChatExample;
  const last = messages.findLastIndex(({ role, weight }) => role === 'assistant' && weight !== 0);
  if (last < 1) return undefined;
  return { prompt: [messages.slice(0, last), tools, functions], answer: saidIn(messages[last]!) };
}

function saidIn({ content, refusal, tool_calls, function_call }: ChatMessage): unknown {
  return [content ?? '', refusal ?? '', (tool_calls ?? []).map((call) => call.function), function_call ?? ''];
}

const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
const few = fc.constantFrom('', 'a', 'b');
const call = fc.record({ name: few, arguments: few });
const message = fc.record(
  {
    role: fc.constantFrom('system', 'user', 'assistant', 'assistant', 'tool'),
    content: fc.oneof(few, few, fc.constant(null), fc.array(fc.record({ type: few, text: few }), { maxLength: 2 })),
    weight: maybe(fc.constantFrom(0, 1)),
    name: maybe(few),
    refusal: maybe(fc.oneof(few, fc.constant(null))),
    tool_calls: maybe(fc.oneof(fc.constant(null), fc.array(fc.record({ id: few, function: call }), { maxLength: 2 }))),
    function_call: maybe(fc.oneof(fc.constant(null), call)),
  },
  { requiredKeys: ['role', 'content'] },
);
const messages = fc.array(message, { maxLength: 3 });
const tools = maybe(fc.array(fc.record({ function: call }), { maxLength: 1 }));
const examples: readonly (readonly [FormatName, fc.Arbitrary<object>])[] = [
  ['chat', fc.record({ messages, tools, functions: tools })],
  ['preference', fc.record({ input: fc.record({ messages, tools }), preferred_output: messages, other: few })],
  ['completion', fc.record({ prompt: few, completion: few })],
];

it.each(examples)('tells prompts and answers of %s apart, and no more than that', (format, arbitrary) => {
  const canonical = (value: unknown) => JSON.stringify(shuffled(JSON.parse(JSON.stringify(value ?? null))));
  const byRecord = new Map<string, string>();
  const byValue = new Map<string, string>();
  fc.assert(
    fc.property(arbitrary, (example) => {
      const plain = JSON.parse(JSON.stringify(example)) as object;
      const record = new Uint32Array(RECORD_WORDS);
      const kind = fingerprints.ofLine(JSON.stringify(plain), format, record);
      const pair = splitExample(format, plain);
      expect(kind).toBe(pair === undefined ? 'example' : 'pair');
      if (pair === undefined) {
        expect([...record.subarray(4)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
        return;
      }
      for (const [name, at] of [
        ['prompt', RECORD.prompt],
        ['answer', RECORD.answer],
      ] as const) {
        const value = `${name} ${canonical(pair[name])}`;
        const hash = `${name} ${[...record.subarray(at, at + 4)].join(' ')}`;
        expect(byRecord.get(hash) ?? value).toBe(value);
        expect(byValue.get(value) ?? hash).toBe(hash);
        byRecord.set(hash, value);
        byValue.set(value, hash);
      }
    }),
    { ...seeded, numRuns: 5_000 },
  );
  expect(byValue.size).toBeGreaterThan(5);
});

it('is none where the line is no example', () => {
  const record = new Uint32Array(RECORD_WORDS);
  for (const line of ['', '[]', '{', '"text"', '{"a":}'])
    expect(fingerprints.ofLine(line, 'chat', record)).toBe('none');
});

it('has the number of the value for the example as a whole', () => {
  const record = new Uint32Array(2 * RECORD_WORDS);
  const example = { messages: [{ role: 'user', content: 'hi' }] };
  fingerprints.ofLine(JSON.stringify(example), 'chat', record, RECORD_WORDS);
  expect(numberAt(record, RECORD_WORDS)).toBe(valueFingerprint(example));
});

it('of a value leaves the line at hand alone, whose record is still to be made', () => {
  const [before, after] = [new Uint32Array(RECORD_WORDS), new Uint32Array(RECORD_WORDS)];
  fingerprints.ofLine('{"prompt":"a","completion":"b"}', 'completion', before);
  valueFingerprint('b');
  expect(fingerprints.ofScanned('completion', after)).toBe('pair');
  expect(after).toEqual(before);
});
