import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countTokens } from './count-tokens.js';
import { normalizeOptions, type ValidateOptions } from './options.js';
import { type TargetName, targets } from './targets/index.js';
import { createTokenCounter } from './tokens/counter.js';
import { validateStream } from './validate.js';
import { validateExample } from './validate-example.js';

/*
 * Any JSON value may stand anywhere in an example, and any key, those of every object's prototype too. Whatever it is, a
 * check ends with a report.
 */

const RUNS = process.env.TUNEGATE_FULL === '1' ? 20_000 : 1_500;

const CALL = { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"city":"Porto"}' } };
const TOOL = {
  type: 'function',
  function: {
    name: 'look_up',
    description: 'Looks up a city.',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', description: 'A name.', enum: ['Porto', 'Faro'] } },
      required: ['city'],
      additionalProperties: false,
    },
  },
};
const MESSAGES = [
  { role: 'system', content: 'Be brief.', name: 'setter' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Where is it?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' } },
    ],
  },
  { role: 'assistant', content: null, tool_calls: [CALL], weight: 0 },
  { role: 'tool', content: 'In the north.', tool_call_id: 'call_1' },
  { role: 'assistant', content: 'In the north.', refusal: null, weight: 1 },
];
const EXAMPLES = [
  { messages: MESSAGES, tools: [TOOL], parallel_tool_calls: true },
  {
    messages: [
      { role: 'user', content: 'Where?' },
      { role: 'assistant', content: null, function_call: { name: 'look_up', arguments: '{}' } },
      { role: 'function', name: 'look_up', content: 'North.' },
      { role: 'assistant', content: 'North.' },
    ],
    functions: [TOOL.function],
  },
  {
    input: { messages: MESSAGES.slice(0, 2), tools: [TOOL], parallel_tool_calls: false },
    preferred_output: [{ role: 'assistant', content: 'North.' }],
    non_preferred_output: [{ role: 'assistant', content: 'South.' }],
  },
  { messages: MESSAGES.slice(0, 2), tools: [TOOL], answer: 'North', functions: [1], details: { city: 'Porto' } },
  { prompt: 'Where?', completion: ' North.' },
  { conversations: [{ from: 'human', value: 'Where?' }] },
];

const KEYS = [
  ...['toString', 'valueOf', 'constructor', '__proto__', 'hasOwnProperty', 'toJSON', 'length', 'then', 'entries', ''],
  ...['role', 'content', 'messages', 'tools', 'functions', 'weight', 'name', 'arguments', 'parameters', 'enum', 'type'],
  ...[
    'tool_call_id',
    'id',
    'text',
    'function',
    'arguments',
    'refusal',
    'description',
    'strict',
    'prompt',
    'completion',
  ],
  ...['$ref', '$defs', 'properties', 'items', 'tool_calls', 'function_call', 'image_url', 'input', '0', '\u0000'],
];
const key = fc.constantFrom(...KEYS);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      1e308,
      0.5,
      '',
      ' ',
      'user',
      'constructor',
      '__proto__',
      '{}',
      '[',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(objectOf),
  ),
}));

/** With own keys only, whatever they are called. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return JSON.parse(`{${entries.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(',')}}`);
}

/** An example in which something was replaced, added or taken away. */
const example = fc
  .tuple(
    fc.constantFrom(...EXAMPLES),
    fc.array(fc.tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 7 }), key, value, fc.nat(3)), { maxLength: 3 }),
  )
  .map(([start, changes]) => {
    const changed: unknown = structuredClone(start);
    for (const [steps, added, what, how] of changes) change(changed, steps, added, structuredClone(what), how);
    return changed;
  });

function change(root: unknown, steps: readonly number[], added: string, what: unknown, how: number): void {
  let place = root;
  for (const [depth, step] of steps.entries()) {
    if (typeof place !== 'object' || place === null) return;
    const names = Object.keys(place);
    const name = names[step % Math.max(names.length, 1)];
    const inner = name === undefined ? undefined : Reflect.get(place, name);
    if (depth < steps.length - 1 && typeof inner === 'object' && inner !== null) {
      place = inner;
      continue;
    }
    if (how === 0 && name !== undefined) {
      if (Array.isArray(place)) place.splice(Number(name), 1);
      else Reflect.deleteProperty(place, name);
    } else if (Array.isArray(place) && (how === 1 || name === undefined)) place.push(what);
    else if (how === 1 || name === undefined) Object.defineProperty(place, added, { value: what, ...OWN });
    else Object.defineProperty(place, name, { value: what, ...OWN });
    return;
  }
}
const OWN = { enumerable: true, writable: true, configurable: true };

const options: fc.Arbitrary<ValidateOptions> = fc.record({
  target: fc.constantFrom(...(Object.keys(targets) as TargetName[])),
  method: fc.constantFrom('supervised', 'dpo', 'reinforcement'),
  tokens: fc.constant('exact'),
});

const isAllowed = (chosen: ValidateOptions): boolean => {
  try {
    normalizeOptions(chosen);
    return true;
  } catch {
    return false;
  }
};

it('ends a check with a report, whatever stands in an example', { timeout: 3_600_000 }, async () => {
  const counter = await createTokenCounter({ encoding: 'o200k_base' });
  await fc.assert(
    fc.asyncProperty(fc.array(example, { minLength: 1, maxLength: 4 }), options, async (lines, chosen) => {
      fc.pre(isAllowed(chosen));
      const texts = lines.map((line) => JSON.stringify(line));
      const bytes = new TextEncoder().encode(`${texts.join('\n')}\n`);
      const report = await validateStream(new Blob([bytes]).stream(), { ...chosen, workers: 1 });
      expect(report.examples).toBe(lines.length);
      for (const { message, help } of report.diagnostics)
        expect(`${message}${help}`).not.toMatch(/\[object |undefined/);
      for (const line of lines) {
        for (const { message } of validateExample(line, chosen)) expect(message).not.toMatch(/\[object |undefined/);
        for (const format of ['chat', 'preference', 'reinforcement', 'completion'] as const) {
          const { total, trained } = countTokens(line, { counter, format });
          expect(Number.isSafeInteger(total) && total >= trained && trained >= 0).toBe(true);
        }
      }
    }),
    { numRuns: RUNS, seed: 20_261_126 },
  );
});
