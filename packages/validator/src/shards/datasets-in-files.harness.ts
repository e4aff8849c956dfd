import fc from 'fast-check';
import type { Report, ValidateOptions } from '../index.js';

/** How often a property of datasets cut into files is tried. */
export const seeded = { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 2_000 : 60 };

/** What must not depend on where a dataset was cut. */
export function figures(report: Report) {
  const { ok, target, model, format, formatReason, bytes, lines, examples, errors, warnings, infos } = report;
  const { byRule, tokens, epochs, cost } = report;
  const totals = { bytes, lines, examples, errors, warnings, infos, byRule, tokens, epochs, cost };
  return { ok, target, model, format, formatReason, ...totals };
}

export const message = (role: string, content: string) => ({ role, content });
const words = fc.constantFrom('', 'a', 'b', 'Is it?', '“Ω 🚲”', ' yes', 'No END', 'x'.repeat(300));
const chat = fc
  .tuple(fc.boolean(), words, words, fc.constantFrom('assistant', 'assistant', 'assistant', 'assistent'))
  .map(([hasSystem, question, answer, role]) =>
    JSON.stringify({
      messages: [
        ...(hasSystem ? [message('system', 'Be brief.')] : []),
        message('user', question),
        message(role, answer),
      ],
    }),
  );
const completion = fc.tuple(words, words).map((pair) => JSON.stringify({ prompt: pair[0], completion: pair[1] }));
const picture =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const withImage = JSON.stringify({
  messages: [
    { role: 'user', content: [{ type: 'image_url', image_url: { url: picture } }] },
    message('assistant', 'A dot.'),
  ],
});
/** Lines of any file; a value that is spread over lines is one of them, for it is not cut. */
const other = fc.constantFrom(
  '',
  '  ',
  '\t',
  'nonsense',
  '[1]',
  '{"a":1,"a":2',
  '{"messages":[\n\n]}',
  '{"messages":[]}',
);
const dataset = (example: fc.Arbitrary<string>) =>
  fc.array(
    fc
      .tuple(
        fc.oneof({ weight: 5, arbitrary: example }, { weight: 2, arbitrary: other }),
        fc.constantFrom('\n', '\n', '\r\n'),
      )
      .map((line) => line.join('')),
    { maxLength: 24 },
  );
/** Before which lines a dataset is cut. */
export const cuts = fc.array(fc.nat(24), { maxLength: 5 });

export function cutAt(lines: readonly string[], places: readonly number[]): string[] {
  const ends = [...new Set([...places.filter((place) => place < lines.length), lines.length])].sort((a, b) => a - b);
  return ends.map((end, index) => lines.slice(ends[index - 1] ?? 0, end).join(''));
}

/** The kinds of files, each with the options that fit: a shard of a few lines would often guess another format. */
export const datasets = fc.oneof(
  fc.tuple(
    dataset(fc.oneof({ weight: 8, arbitrary: chat }, { weight: 1, arbitrary: fc.constant(withImage) })),
    fc.constantFrom<ValidateOptions>(
      { method: 'supervised' },
      {
        method: 'supervised',
        target: 'azure',
        model: 'gpt-4o-2024-08-06',
        limits: { maxJobTokens: 300, maxFileBytes: 2_000 },
      },
      { method: 'supervised', target: 'together', limits: { minExamples: 3, maxExamples: 6, maxImageExamples: 1 } },
      { method: 'supervised', target: 'mistral', model: 'gpt-4.1', ignore: ['messages/*'], tokens: 'off' },
      { method: 'supervised', model: 'gpt-3.5-turbo', severities: { 'line/blank': 'error', 'dataset/*': 'error' } },
      { method: 'dpo', model: 'no-such-model', maxDiagnosticsPerRule: 1 },
    ),
  ),
  fc.tuple(
    dataset(completion),
    fc.constantFrom<ValidateOptions>({ model: 'davinci-002' }, { target: 'fireworks', select: ['completion/*'] }),
  ),
  fc.tuple(
    dataset(chat),
    fc.constantFrom<ValidateOptions>(
      { method: 'reinforcement', limits: { maxReinforcementExamples: 4 } },
      { method: 'reinforcement', grader: { input: '{{ item.answer }}' }, split: 'valid' },
    ),
  ),
);
/** A few broken lines may look like a file of another kind, which is not read. */
export const isReadAsLines = ({ bytes, lines }: Report) => bytes === 0 || lines > 0;
/** A few lines may look like another format, and are checked as such; see below. */
export const haveOneFormat = (reports: readonly Report[]) =>
  new Set(reports.flatMap(({ merge }) => merge!.parts.map(({ kind }) => kind).filter((kind) => !NO_FORMAT.has(kind))))
    .size < 2;
const NO_FORMAT: ReadonlySet<string> = new Set(['none', 'unread']);
