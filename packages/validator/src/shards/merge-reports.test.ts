import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeReports, type Report, type Shard, type ValidateOptions, validateFile, validateStream } from '../index.js';

const seeded = { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 2_000 : 60 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-shards-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reports of shards, and where their fingerprints are. */
interface Checked {
  readonly reports: readonly Report[];
  readonly fingerprints: (shard: Shard) => AsyncIterable<Uint8Array>;
}

async function checkShards(texts: readonly string[], options: ValidateOptions): Promise<Checked> {
  const written = new Map<string, Uint8Array[]>();
  const reports: Report[] = [];
  for (const [index, text] of texts.entries()) {
    const pieces: Uint8Array[] = [];
    const fileName = `part-${index}.jsonl`;
    written.set(fileName, pieces);
    async function* source() {
      yield Buffer.from(text);
    }
    const onFingerprints = (bytes: Uint8Array) => void pieces.push(bytes);
    const report = await validateStream(source(), { ...options, fileName, onFingerprints });
    // A report comes from a file.
    reports.push(JSON.parse(JSON.stringify(report)));
  }
  return {
    reports,
    async *fingerprints({ file }) {
      yield* written.get(file)!;
    },
  };
}

async function checkWhole(texts: readonly string[], options: ValidateOptions): Promise<Report> {
  const path = join(folder, 'whole.jsonl');
  await writeFile(path, texts.join(''));
  return validateFile(path, options);
}

/** What must not depend on where a dataset was cut. */
function figures(report: Report) {
  const { ok, target, model, format, formatReason, bytes, lines, examples, errors, warnings, infos } = report;
  const { byRule, tokens, epochs, cost } = report;
  const totals = { bytes, lines, examples, errors, warnings, infos, byRule, tokens, epochs, cost };
  return { ok, target, model, format, formatReason, ...totals };
}

/** What once-a-file findings say. */
function params(report: Report, ...rules: string[]) {
  return report.diagnostics.filter(({ rule }) => rules.includes(rule)).map((each) => [each.rule, each.params]);
}

const message = (role: string, content: string) => ({ role, content });
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
const cuts = fc.array(fc.nat(24), { maxLength: 5 });

function cutAt(lines: readonly string[], places: readonly number[]): string[] {
  const ends = [...new Set([...places.filter((place) => place < lines.length), lines.length])].sort((a, b) => a - b);
  return ends.map((end, index) => lines.slice(ends[index - 1] ?? 0, end).join(''));
}

/** The kinds of files, each with the options that fit: a shard of a few lines would often guess another format. */
const datasets = fc.oneof(
  fc.tuple(
    dataset(fc.oneof({ weight: 8, arbitrary: chat }, { weight: 1, arbitrary: fc.constant(withImage) })),
    fc.constantFrom<ValidateOptions>(
      { method: 'supervised' },
      { method: 'supervised', target: 'azure', model: 'gpt-4o-2024-08-06', limits: { maxJobTokens: 300 } },
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
const isReadAsLines = ({ bytes, lines }: Report) => bytes === 0 || lines > 0;
/** A few lines may look like another format, and are checked as such; see below. */
const haveOneFormat = (reports: readonly Report[]) =>
  new Set(reports.flatMap(({ merge }) => merge!.parts.map(({ kind }) => kind).filter((kind) => !NO_FORMAT.has(kind))))
    .size < 2;
const NO_FORMAT: ReadonlySet<string> = new Set(['none', 'unread']);

describe('mergeReports', () => {
  it('says of shards what a check says of all their lines in one file', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, cuts, async ([lines, options], places) => {
        const texts = cutAt(lines, places);
        const { reports, fingerprints } = await checkShards(texts, options);
        const whole = await checkWhole(texts, options);
        fc.pre([...reports, whole].every(isReadAsLines) && haveOneFormat(reports));
        const merged = await mergeReports(reports, { fingerprints });
        expect(figures(merged)).toEqual(figures(whole));
        const once = ['messages/no-system', 'file/crlf', 'dataset/too-few-examples', 'tokens/budget', 'file/empty'];
        if (options.maxDiagnosticsPerRule === undefined) {
          expect(params(merged, ...once)).toEqual(params(whole, ...once));
        }
        expect(merged.shards?.map(({ file }) => file)).toEqual(reports.map(({ file }) => file));
      }),
      seeded,
    );
  });

  it('tells preferences apart whose outputs a rule has compared before', async () => {
    const preference = (question: string, better: string, worse: string) =>
      `${JSON.stringify({
        input: { messages: [message('user', question)] },
        preferred_output: [message('assistant', better)],
        non_preferred_output: [message('assistant', worse)],
      })}\n`;
    const texts = [preference('a', 'b', 'c') + preference('b', 'd', 'c'), preference('a', 'b', 'c')];
    const { reports, fingerprints } = await checkShards(texts, {});
    expect(reports.map(({ byRule }) => byRule['dataset/duplicate'])).toEqual([undefined, undefined]);
    const { diagnostics } = await mergeReports(reports, { fingerprints });
    expect(diagnostics.find(({ rule }) => rule === 'dataset/duplicate')).toMatchObject({
      file: 'part-1.jsonl',
      line: 1,
      params: { firstLine: 1, file: 'part-0.jsonl' },
      message: 'the same example as in line 1 of part-0.jsonl: it is billed and weighs once more',
    });
  });

  it('says of shards of another format that the formats are mixed, and does not count them among the others', async () => {
    const prompts = `${JSON.stringify({ prompt: 'a', completion: ' b' })}\n`.repeat(2);
    const chats = `${JSON.stringify({ messages: [message('user', 'a'), message('assistant', 'b')] })}\n`;
    const texts = [chats, prompts, chats + prompts, prompts + chats];
    const { reports, fingerprints } = await checkShards(texts, {});
    const merged = await mergeReports(reports, { fingerprints });
    expect(params(merged, 'format/mixed')).toEqual([
      ['format/mixed', { format: 'completion', found: 'chat', count: 1 }],
      ['format/mixed', { format: 'chat', found: 'completion', count: 6 }],
    ]);
    expect(merged).toMatchObject({ ok: false, format: 'chat', examples: 9, byRule: { 'dataset/duplicate': 1 } });
    expect(merged.tokens?.examples).toBe(2);
    // Of all but the last, whose own format would be another, the whole says the same.
    const three = await mergeReports(reports.slice(0, 3), { fingerprints });
    expect(figures(three)).toEqual(figures(await checkWhole(texts.slice(0, 3), {})));
  });

  it('compares within shards only where there are no fingerprints, and says so', async () => {
    const chats = `${JSON.stringify({ messages: [message('user', 'a'), message('assistant', 'b')] })}\n`;
    const { reports, fingerprints } = await checkShards([chats.repeat(3), chats.repeat(2)], {});
    const apart = mergeReports(reports);
    expect([apart.comparison, apart.byRule['dataset/duplicate']]).toEqual(['within-shards', 3]);
    const together = await mergeReports(reports, { fingerprints });
    expect([together.comparison, together.byRule['dataset/duplicate']]).toEqual(['across-shards', 4]);
  });

  it('leaves the reports that it is given as they are', async () => {
    const { reports } = await checkShards(
      ['{"prompt":"a","completion":"b"}\n', '{"prompt":"c","completion":"d"}\n'],
      {},
    );
    const before = structuredClone(reports);
    mergeReports(reports);
    expect(reports).toEqual(before);
  });

  it('says the same however the reports are grouped', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, cuts, fc.nat(), async ([lines, options], places, place) => {
        const { reports, fingerprints } = await checkShards(cutAt(lines, places), options);
        const middle = place % reports.length;
        const groups = [reports.slice(0, middle), reports.slice(middle)].filter((group) => group.length > 0);
        const withDiagnostics = ({ diagnostics, ...rest }: Report) => ({ ...rest, diagnostics: diagnostics.length });
        const again = mergeReports(groups.map((group) => JSON.parse(JSON.stringify(mergeReports(group)))));
        expect(withDiagnostics(again)).toEqual(withDiagnostics(mergeReports(reports)));
        const compared = await Promise.all(groups.map((group) => mergeReports(group, { fingerprints })));
        expect(figures(await mergeReports(compared, { fingerprints }))).toEqual(
          figures(await mergeReports(reports, { fingerprints })),
        );
      }),
      seeded,
    );
  });
});
