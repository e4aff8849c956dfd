import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeReports, type Report, type Shard, type ValidateOptions, validateFile, validateStream } from '../index.js';
import {
  cutAt,
  cuts,
  datasets,
  figures,
  haveOneFormat,
  isReadAsLines,
  message,
  seeded,
} from './datasets-in-files.harness.js';

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

/** What once-a-file findings say. */
function params(report: Report, ...rules: string[]) {
  return report.diagnostics.filter(({ rule }) => rules.includes(rule)).map((each) => [each.rule, each.params]);
}

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

  it('says of the whole that it is too large for one file, but of each file where a job trains on several', async () => {
    const chats = `${JSON.stringify({ messages: [message('user', 'a'), message('assistant', 'b')] })}\n`;
    const sizes = async (options: ValidateOptions, ...counts: number[]) => {
      const texts = counts.map((count) => chats.repeat(count));
      const { reports } = await checkShards(texts, { ...options, limits: { maxFileBytes: 2_048 }, select: ['file/*'] });
      const { diagnostics, errors } = mergeReports(reports);
      return { errors, found: diagnostics.map(({ file, message }) => `${file}: ${message}`) };
    };
    expect(await sizes({}, 5, 5)).toEqual({ errors: 0, found: [] });
    expect(await sizes({}, 10, 20)).toEqual({
      errors: 1,
      found: [
        '<merged>: 2,400 bytes in 2 files together, and the framing of the request: OpenAI takes at most 2,048 bytes in one request',
      ],
    });
    expect(await sizes({ target: 'mistral' }, 10, 20)).toMatchObject({
      errors: 1,
      found: [expect.stringMatching(/^part-1\.jsonl: 1,600 bytes, and/)],
    });
    const { reports } = await checkShards([chats, chats], { parts: 'always', limits: { maxFileBytes: 1_100 } });
    const { diagnostics } = mergeReports(reports);
    expect(diagnostics.find(({ rule }) => rule === 'file/too-large')?.severity).toBe('warning');
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
