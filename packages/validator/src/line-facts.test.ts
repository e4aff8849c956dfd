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
const line = fc.oneof(
  { weight: 8, arbitrary: plain },
  plain.map((each) => each.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  plain.map((each) => ` ${each.replaceAll(',', ' , ')}\t`),
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

async function reportOf(lines: readonly string[], options: ValidateOptions) {
  const source = new Blob([lines.join('\n')]).stream();
  // What a report carries to be merged names the options, which differ here.
  const { durationMs: _, merge: __, ...report } = await validateStream(source, { maxDiagnostics: 1_000, ...options });
  return report;
}

it('reports of a dataset that was scanned what it reports of one that was parsed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('off', 'exact'),
      fc.constantFrom('openai', 'azure', 'mistral', 'together'),
      async (lines, tokens, target) => {
        const all = [...sample, ...lines, ...lines.slice(0, 3)];
        const options = { tokens, target, limits: { maxMessageCharacters: 200 } } as ValidateOptions;
        const parsed = await reportOf(all, { ...options, customRules: [silent] });
        expect(await reportOf(all, options)).toEqual(parsed);
      },
    ),
    { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 1_000 : 100 },
  );
}, 120_000);
