import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findInvalidByte } from '../reader/utf8.js';
import { MAX_DEPTH } from './depth.js';
import { inspectLine } from './inspect.js';
import { createLineScanner, LINE_FLAGS } from './line-scanner.js';

const seeded = { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 200_000 : 3_000 };
const scanner = createLineScanner();
const encoder = new TextEncoder();

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** JSON and what is nearly JSON: pieces that a mistake is made of, put together. */
const nearlyJson = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '""',
        '"a"',
        '"a":',
        '{"a":',
        '\\',
        '"\\u',
        '"\\u0041"',
        '"\\ud83d\\ude00"',
      ],
      ...[
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '"\\x"',
        '0',
        '-0',
        '01',
        '1.5',
        '1.',
        '.5',
        '1e5',
        '1E+5',
        '1e',
        '-',
        '-1e-400',
      ],
      ...[
        '1e400',
        'true',
        'false',
        'null',
        'tru',
        'NaN',
        ' ',
        '\t',
        '\r',
        '\n',
        '\u0000',
        '\u001f',
        '\u007f',
        '\u2028',
      ],
      ...['é', '你', '😀', '"é你😀\\n"', '"messages"', '"role":"user"', '"content":"hi"', '"\\""', '"a\\\\"', '\u00a0'],
      ...['\ufeff', 'e', '1', '{}', '[]', '"12345678901234567890"', '"1234567890123456\\n1234567890123456"'],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

it('takes what JSON.parse takes, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        nearlyJson,
        nearlyJson.map((text) => `{"a":${text}}`),
        fc.json(),
        fc.json().map((text) => `{"a": ${text} }`),
      ),
      (text) => {
        expect(scanner.scanText(text)).toBe(isObjectText(text));
      },
    ),
    seeded,
  );
});

it('takes a line that was cut or had a character put in if JSON.parse does', () => {
  const line =
    '{"messages":[{"role":"user","content":"\\u00e9\\ud83d\\ude00 \\"q\\" \\\\ \\/ x\\n"},{"a":[-1.5e+3,true,null,{}]}],"é":0}';
  fc.assert(
    fc.property(
      fc.nat(line.length),
      fc.nat(3),
      fc.constantFrom('', '"', '\\', '{', '}', ',', '0', 'u', '\u0007', 'é'),
      (at, cut, put) => {
        const text = line.slice(0, at) + put + line.slice(at + cut);
        expect(scanner.scanText(text)).toBe(isObjectText(text));
      },
    ),
    seeded,
  );
});

it('takes no bytes that are not UTF-8, wherever they stand', () => {
  const byte = fc.oneof(
    fc.constantFrom(
      0x20,
      0x7f,
      0x80,
      0xbf,
      0xc0,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xa0,
      0x9f,
      0x8f,
      0x90,
    ),
    fc.nat(255),
  );
  fc.assert(
    fc.property(fc.nat(40), fc.array(byte, { maxLength: 6 }), fc.nat(20), (before, bytes, behind) => {
      const line = new Uint8Array([
        ...encoder.encode(`{"a":"${'x'.repeat(before)}`),
        ...bytes.filter((each) => each >= 0x20 && each !== 0x22 && each !== 0x5c),
        ...encoder.encode(`${'y'.repeat(behind)}"}`),
      ]);
      expect(scanner.scan(line)).toBe(findInvalidByte(line) === undefined);
    }),
    seeded,
  );
});

it('goes as deep as lines may, and no deeper', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  expect(scanner.scanText(nested(MAX_DEPTH))).toBe(true);
  expect(scanner.scanText(nested(MAX_DEPTH + 1))).toBe(false);
  expect(scanner.scanText('['.repeat(1_000_000))).toBe(false);
});

it('takes a line of many megabytes, and gives its memory back', () => {
  const text = 'é'.repeat(10_000_000);
  expect(scanner.scan(encoder.encode(`{"a":"${text}"}`))).toBe(true);
  expect(scanner.scan(encoder.encode('{"a":"b"}'))).toBe(true);
  expect(scanner.scan(encoder.encode(`{"a":"${text}`))).toBe(false);
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\0',
    '\ud800',
    '\udfff',
    '\ud83d\ude00',
    '\u2028',
    '\u2029',
    '\u0085',
    'a\u2027b',
    '“quoted”',
    '\u0405',
  ),
);
/** Lines as any writer may write them: with escapes or without, with keys twice, with numbers of any size. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text.map((each) => JSON.stringify(each)),
    text.map((each) =>
      JSON.stringify(each).replaceAll(
        /[^\x20-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ),
    fc.constantFrom('0', '-1', '1e308', '1e309', '-2E999', '0.1', 'true', 'null', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('"a"', '"\\u0061"', '"b"', '""', '"__proto__"', '"\\ud800"'), tie('value')), {
        maxLength: 4,
      })
      .map((members) => `{${members.map(([key, each]) => `${key}:${each}`).join(',')}}`),
  ),
}));

const INSPECTED = LINE_FLAGS.sameKeys | LINE_FLAGS.oddEscape | LINE_FLAGS.overflow | LINE_FLAGS.separator;

it('has no flag for a line in which nothing is hidden, and one for every other', () => {
  fc.assert(
    fc.property(value, (json) => {
      const line = `{"x":${json}}`;
      expect(scanner.scanText(line)).toBe(true);
      const findings = inspectLine(line, JSON.parse(line) as object);
      if (findings.length > 0) expect(scanner.flags & INSPECTED).not.toBe(0);
      for (const { finding } of findings) {
        const flag = {
          'json/duplicate-key': LINE_FLAGS.sameKeys,
          'json/number-overflow': LINE_FLAGS.overflow,
          'json/lone-surrogate': LINE_FLAGS.oddEscape,
          'json/nul-character': LINE_FLAGS.oddEscape,
          'line/raw-separator': LINE_FLAGS.separator,
        }[finding.rule as 'json/duplicate-key'];
        expect(scanner.flags & flag).not.toBe(0);
      }
      // The other way round a key may hold what only a value is reported for.
      if ((scanner.flags & LINE_FLAGS.sameKeys) !== 0)
        expect(findings.some(({ finding }) => finding.rule === 'json/duplicate-key')).toBe(true);
      if ((scanner.flags & LINE_FLAGS.separator) !== 0)
        expect(findings.some(({ finding }) => finding.rule === 'line/raw-separator')).toBe(true);
    }),
    seeded,
  );
});

it('finds a key that stands twice among any number of them', () => {
  for (const count of [2, 31, 32, 33, 34, 100]) {
    const keys = Array.from({ length: count }, (_, index) => `"k${index}":0`);
    expect(scanner.scanText(`{${[...keys, '"k1":1'].join(',')}}`)).toBe(true);
    expect(scanner.flags & LINE_FLAGS.sameKeys).not.toBe(0);
  }
});

it('reads the texts of the messages, escapes resolved', () => {
  const said = fc.string({ unit: 'grapheme', maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('system', 'user', 'assistant'), said), { maxLength: 5 }), (turns) => {
      const messages = turns.map(([role, content]) => ({ role, content }));
      expect(scanner.scanText(JSON.stringify({ messages }))).toBe(true);
      const read = Array.from({ length: scanner.texts }, (_, index) => [
        scanner.roleOf(index),
        new TextDecoder('utf-8', { ignoreBOM: true }).decode(scanner.textOf(index)),
      ]);
      expect(read).toEqual(turns);
    }),
    seeded,
  );
});

const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
const calling = (...ids: string[]) => ({ role: 'assistant', tool_calls: ids.map(call) });
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'x' });
const question = { role: 'user', content: 'q' };
const answer = { role: 'assistant', content: 'a' };

it.each<[what: string, isInOrder: boolean, messages: readonly object[], parallel?: boolean]>([
  ['a call and its result', true, [question, calling('a'), result('a'), answer]],
  ['a call at the end', true, [question, calling('a')]],
  ['results in another order', true, [question, calling('a', 'b'), result('b'), result('a'), answer]],
  ['several calls at once, which may be', true, [question, calling('a', 'b')], true],
  ['several calls at once, which may not be', false, [question, calling('a', 'b')], false],
  ['one call after the other', true, [question, calling('a'), result('a'), calling('b')], false],
  ['two calls with one id', false, [question, calling('a', 'a')]],
  ['two calls with one id, far from each other', false, [question, calling('a'), result('a'), calling('a')]],
  ['a call without a result before the next answer', false, [question, calling('a', 'b'), result('a'), answer]],
  ['a call without a result before the next question', false, [question, calling('a'), question, answer]],
  ['a result of no call', false, [question, calling('a'), result('a'), result('z'), answer]],
  ['a result before its call', false, [question, result('a'), calling('a')]],
  ['no calls in a list of them', false, [question, { ...answer, tool_calls: [] }]],
  ['more calls than are listed', false, [question, calling(...Array.from({ length: 65 }, (_, index) => `${index}`))]],
])('knows whether calls are in order: %s', (_, isInOrder, messages, parallel_tool_calls) => {
  scanner.scanText(JSON.stringify({ messages, tools: [], parallel_tool_calls }));
  const { uncheckedTools, uncertainShape } = LINE_FLAGS;
  expect(scanner.flags).toBe(isInOrder ? uncheckedTools : uncheckedTools | uncertainShape);
});
