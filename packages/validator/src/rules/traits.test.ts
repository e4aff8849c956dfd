import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inspectLine } from '../json/inspect.js';
import { createLineScanner, LINE_FLAGS } from '../json/line-scanner.js';
import { checkShape, isFaultyPath, withoutFaults } from '../shape/shape.js';
import { targets } from '../targets/index.js';
import type { Target } from '../targets/target.js';
import { rules } from './index.js';
import type { ConversationRule, JsonPath } from './rule.js';
import { prepareRules, type RuleFinding } from './run.js';
import { ALL_TRAITS } from './traits.js';

const seeded = { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 300_000 : 6_000 };
const scanner = createLineScanner();
const run = prepareRules(() => true)('chat');

const white = fc.string({
  unit: fc.constantFrom(
    ...' \t\n\v\f\r\0\u0001\u0085\u00a0\u1680\u180e\u2000\u200a\u200b\u2028\u202f\u205f\u3000\ufeff',
  ),
  minLength: 1,
  maxLength: 3,
});
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('hi', 'é', '“quoted”', '你好', '…', '　x', 'ア', '\u2060', '\u{1f6b2}') },
  fc.constant(''),
  white,
  fc.tuple(white, fc.constantFrom('x', 'é', '')).map(([before, behind]) => before + behind),
);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
const rarely = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, arbitrary);
const image = { type: 'image_url', image_url: { url: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=', detail: 'best' } };
const part = fc.oneof(
  text.map((said) => ({ type: 'text', text: said })),
  text.map((refusal) => ({ type: 'refusal', refusal })),
  fc.constant(image),
);
const called = fc.record({ name: fc.constantFrom('look', 'look', 'l ook'), arguments: fc.constantFrom('{}', '{', '') });
const call = fc.record({ id: fc.constantFrom('a', 'b'), type: fc.constant('function'), function: called });
const definition = fc.record({
  name: fc.constantFrom('look', 'see', 'l ook'),
  parameters: fc.constantFrom({}, { type: 'dict' }),
});
const message = fc.record({
  role: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('user', 'assistant') },
    fc.constantFrom('system', 'developer', 'tool', 'function', 'human'),
  ),
  content: fc.oneof({ weight: 8, arbitrary: text }, fc.constant(null), fc.array(part, { maxLength: 3 })),
  weight: rarely(fc.constantFrom(0, 1, 2, -0, true, '1', null)),
  name: rarely(fc.constantFrom('', 'ann', 'a b', null, 'x'.repeat(65), 'x'.repeat(64))),
  refusal: rarely(fc.oneof(text, fc.constant(null))),
  tool_calls: rarely(fc.oneof(fc.constant(null), fc.array(call, { maxLength: 2 }))),
  function_call: rarely(fc.oneof(fc.constant(null), called)),
  tool_call_id: rarely(fc.constantFrom('a', 'c')),
  timestamp: rarely(fc.constant(0)),
});
/** Anything may stand where a message, or a part of one, should be. */
const wrong = fc.constantFrom<unknown>(
  3,
  'x',
  null,
  [],
  {},
  { content: 'x' },
  { role: 'user' },
  { role: 7, content: 'x' },
  { role: 'user', content: 7 },
);
const turns = fc
  .tuple(maybe(text), fc.array(fc.tuple(text, text, rarely(fc.constantFrom(0, 1))), { maxLength: 3 }))
  .map(([system, pairs]) => [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    ...pairs.flatMap(([question, answer, weight]) => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer, ...(weight === undefined ? {} : { weight }) },
    ]),
  ]);
const example = fc
  .record({
    messages: fc.oneof(
      turns,
      fc.array(fc.oneof({ weight: 6, arbitrary: message }, wrong), { maxLength: 5 }),
      rarely(wrong),
      fc.tuple(turns, message).map(([all, one]) => [...all, one]),
    ),
    tools: rarely(
      fc.array(
        definition.map((each) => ({ type: 'function', function: each })),
        { maxLength: 2 },
      ),
    ),
    functions: rarely(fc.array(definition, { maxLength: 2 })),
    parallel_tool_calls: rarely(fc.boolean()),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as object);

it('every rule about chats names what it needs: one that does not has every line of every dataset parsed', () => {
  type Facts = Pick<ConversationRule<string, never>, 'id' | 'conversations' | 'needs'>;
  const conversationRules: readonly Facts[] = rules.filter((rule) => 'conversations' in rule);
  const unbound = conversationRules.filter((rule) => rule.conversations.includes('chat') && rule.needs === undefined);
  expect(unbound.map(({ id }) => id)).toEqual([]);
});

it('leaves out no rule that would have found something, and calls no shape certain that is wrong', () => {
  let plain = 0;
  let quiet = 0;
  let loud = 0;
  fc.assert(
    fc.property(example, fc.constantFrom<Target[]>(...Object.values(targets)), (value, target) => {
      const line = JSON.stringify(value);
      expect(scanner.scanText(line, target.limits.maxMessageCharacters)).toBe(true);
      const { flags, traits } = scanner;
      const faults = checkShape('chat', value);
      if ((flags & LINE_FLAGS.uncertainShape) === 0) expect(faults).toEqual([]);
      if (flags === 0) expect(inspectLine(line, value)).toEqual([]);
      const find = (bits: number) => {
        const findings: RuleFinding[] = [];
        const isFaulty = (path: JsonPath) => isFaultyPath(path, faults);
        const context = { target, format: 'chat', graderFields: [], isFaulty } as const;
        run.example(withoutFaults(value, faults), bits, context, (finding) => findings.push(finding));
        return findings;
      };
      const findings = find(ALL_TRAITS);
      expect(find(traits)).toEqual(findings);
      if (flags === 0) plain += 1;
      if (run.isQuiet(traits)) quiet += 1;
      if (run.isQuiet(traits)) expect(findings).toEqual([]);
      if (findings.length > 0) loud += 1;
    }),
    seeded,
  );
  // The property says something of each of them.
  expect(Math.min(plain, quiet, loud)).toBeGreaterThan(100);
});

it('knows the longest text that the target takes', () => {
  const line = JSON.stringify({ messages: [{ role: 'user', content: 'é'.repeat(10) }] });
  scanner.scanText(line, 20);
  expect(scanner.traits & 256).toBe(0);
  scanner.scanText(line, 19);
  expect(scanner.traits & 256).toBe(256);
});
