import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SAMPLE_EXAMPLES } from './formats/choose.js';
import { validateStream } from './index.js';
import type { ValidateOptions } from './options.js';
import { defineRule } from './rules/custom.js';

/** With a rule of one's own every line is parsed. */
const silent = defineRule({
  id: 'custom/silent',
  severity: 'info',
  description: 'Finds nothing.',
  message: () => '',
  check() {},
});

/** Only when the first examples have decided the format are lines scanned. */
const sample = Array.from({ length: SAMPLE_EXAMPLES }, (_, index) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `${index}?` },
      { role: 'assistant', content: `${index}.` },
    ],
  }),
);

const text = fc.constantFrom('hi', 'hi', 'Ω 🚲 \n"q"\\', '\ufeffé', '', ' \u3000', 'x'.repeat(300), '<|endoftext|>');
const turn = fc.tuple(text, text, fc.constantFrom(undefined, undefined, 0, 1, 2));
const plain = fc
  .tuple(
    fc.option(text, { nil: undefined }),
    fc.array(turn, { maxLength: 3 }),
    fc.constantFrom(undefined, 'ann', 'a b'),
  )
  .map(([system, turns, name]) =>
    JSON.stringify({
      messages: [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        ...turns.flatMap(([question, answer, weight]) => [
          { role: 'user', content: question, name },
          { content: answer, role: 'assistant', weight },
        ]),
      ],
    }),
  );
const define = (name: string, parameters?: object) => ({ type: 'function', function: { name, parameters } });
const city = {
  type: 'object',
  properties: { city: { type: 'string', enum: ['Paris', 'Rome'] }, days: { type: ['integer', 'null'] } },
  required: ['city'],
  additionalProperties: false,
};
const lists: readonly unknown[] = [
  ...Array.from({ length: 6 }, (_, index) => [define('look', { ...city, title: `${index}` }), define('see')]),
  [define('look', city), define('see')],
  [define('look', city), define('see')],
  [define('look', { ...city, additionalProperties: true }), define('see', { type: 'object', minProperties: 1 })],
  [define('look', city), define('look')],
  [define('look', { type: 'dict' })],
  [define('l ook'), define('see', true as unknown as object)],
  [{ ...define('look'), extra: 1 }],
  [],
  undefined,
];
const tools = fc.constantFrom(...lists);
/** What each list is worth is known when it has been seen twice. */
const declared = [...lists, ...lists].map((each, index) =>
  JSON.stringify({ ...JSON.parse(sample[index]!), tools: each }),
);
/** Mostly right: a wrong one of many is what must be found. */
const mostly = <Value>(right: Value, ...others: readonly Value[]) =>
  fc.oneof({ weight: 60, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'nineSigns', 'nineSign2', 'nineSign3');
const call = fc
  .tuple(
    id,
    mostly('function', 'tool'),
    mostly('look', 'see', 'gone', 'l ook'),
    mostly(
      '{"city":"Rome"}',
      ...['{ "days" : 1e0, "city" : "Paris" }', '{}', '{"city":"Oslo"}', '{"city":"Rome","x":1}', '[]', '', '{', ' '],
      ...[
        '{"city":"Rome","city":"Rome"}',
        `{"city":${'['.repeat(501)}${']'.repeat(501)}}`,
        '\ufeff{}',
        '{"city":null}',
      ],
    ),
    mostly<object>({}, { index: 0 }),
  )
  .map(([callId, type, name, args, more]) => ({ id: callId, type, function: { name, arguments: args }, ...more }));
const exchange = fc
  .tuple(
    fc.array(call, { minLength: 1, maxLength: 2 }),
    mostly<unknown>(null, undefined, '', 'text', [], 3),
    fc.array(id, { maxLength: 2 }),
    fc.constantFrom('as called', 'as called', 'as called', 'turned', 'first', 'more', 'others', 'none'),
    mostly<object>({}, { name: 'x' }, { tool_call_id: 'a' }, { weight: 0 }, { refusal: null }, { tool_calls: [] }),
    mostly<object>(
      {},
      { name: 'x' },
      { weight: 0 },
      { content: '' },
      { content: null },
      { role: 'function' },
      { tool_call_id: 3 },
    ),
  )
  .map(([calls, content, others, order, more, mores]) => {
    const called = calls.map((each) => each.id);
    const answered = {
      'as called': called,
      turned: [...called].reverse(),
      first: called.slice(0, 1),
      more: [...called, ...others],
      others,
      none: [],
    }[order];
    return [
      { role: 'assistant', content, tool_calls: calls, ...more },
      ...answered.map((callId) => ({ role: 'tool', tool_call_id: callId, content: 'Fine.', ...mores })),
    ];
  });
const called = fc
  .tuple(
    tools,
    fc.array(fc.tuple(fc.array(exchange, { maxLength: 2 }), mostly<object | undefined>({}, undefined)), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, fc.constantFrom<unknown>(true, false, 'true')),
  )
  .map(([declared, turns, parallel]) =>
    JSON.stringify({
      messages: turns.flatMap(([exchanges, answer]) => [
        { role: 'user', content: 'Is it there?' },
        ...exchanges.flat(),
        ...(answer === undefined ? [] : [{ role: 'assistant', content: 'Yes.', ...answer }]),
      ]),
      tools: declared,
      parallel_tool_calls: parallel,
    }),
  );
const line = fc.oneof(
  { weight: 8, arbitrary: plain },
  { weight: 24, arbitrary: called },
  called.map((each) => each.replace('"id"', '"id":"a","id"')),
  called.map((each) => each.replace('tool_calls', 'tool_calls":null,"tool_calls')),
  plain.map((each) => each.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  plain.map((each) => ` ${each.replaceAll(',', ' , ')}\t`),
  plain.map((each) => `${each}\r`),
  plain.map((each) => each.replace('hi', '\\u0000 \\ud800 \u2028')),
  plain.map((each) => each.replace('{"role"', '{"role":"user","role"')),
  plain.map((each) => each.replace('"user"', '"human"')),
  plain.map((each) => each.replace('}', ',"timestamp":1e999}')),
  plain.map((each) => each.replace(']}', '],"tools":[]}')),
  plain.map((each) => each.slice(0, -1)),
  fc.constantFrom(
    '{"messages":',
    '',
    '[]',
    '{"prompt":"a","completion":"b"}',
    'NaN',
    '{"messages":[{"role":"user","content":"é"}]}',
  ),
);

/** A few lines at once: while ajv is being loaded for one line, those behind it in the same chunk are not scanned. */
async function* inPieces(lines: readonly string[], size: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let from = 0; from < lines.length; from += size)
    yield encoder.encode(`${lines.slice(from, from + size).join('\n')}\n`);
}

async function reportOf(lines: readonly string[], size: number, options: ValidateOptions) {
  const source = inPieces(lines, size);
  // What a report carries to be merged names the options, which differ here.
  const { durationMs: _, merge: __, ...report } = await validateStream(source, { maxDiagnostics: 1_000, ...options });
  return report;
}

it('reports of a dataset that was scanned what it reports of one that was parsed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 60, size: 'max' }),
      fc.constantFrom('off', 'off', 'exact'),
      fc.constantFrom('openai', 'openai', 'azure', 'mistral', 'together'),
      fc.constantFrom(1, 2, 7, 40),
      async (lines, tokens, target, size) => {
        const all = [...sample, ...declared, ...lines, ...lines.slice(0, 3)];
        const options = { tokens, target, limits: { maxMessageCharacters: 200 } } as ValidateOptions;
        const parsed = await reportOf(all, 1, { ...options, customRules: [silent] });
        expect(await reportOf(all, size, options)).toEqual(parsed);
      },
    ),
    { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 1_000 : 100 },
  );
}, 120_000);
