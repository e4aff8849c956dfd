import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExampleFingerprints, type Diagnostic, type Progress, validateFile, validateFiles } from './index.js';
import {
  cutAt,
  cuts,
  datasets,
  figures,
  haveOneFormat,
  isReadAsLines,
  message,
  seeded,
} from './shards/datasets-in-files.harness.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunegate-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const chat = (question: string, answer = 'Yes.') =>
  `${JSON.stringify({ messages: [message('user', question), message('assistant', answer)] })}\n`;
const chats = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => chat(`Is ${from + index} a number?`)).join('');

/** Rules that say one thing about all lines, so that they have no place or that of their first line. */
const ABOUT_ALL =
  /^(file|model|dataset\/too|format|line|tokens\/budget|messages\/no-system|(images|reinforcement)\/too-many-examples)/;

describe('validateFiles', () => {
  it('says of files what a check of all their lines in one file says, each finding in its place', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, cuts, async ([lines, options], places) => {
        const texts = cutAt(lines, places);
        const paths: string[] = [];
        for (const [index, text] of texts.entries()) paths.push(await write(`part-${index}.jsonl`, text));
        const whole = await validateFile(await write('whole.jsonl', texts.join('')), options);
        const alone = await Promise.all(paths.map((path) => validateFile(path, options)));
        fc.pre([...alone, whole].every(isReadAsLines) && haveOneFormat(alone));
        const seen: Diagnostic[] = [];
        const report = await validateFiles(paths, { ...options, onDiagnostic: (each) => void seen.push(each) });
        expect(figures(report)).toEqual(figures(whole));
        if (options.maxDiagnosticsPerRule !== undefined) return;

        const starts = new Map<string, { lines: number; bytes: number; examples: number }>();
        const before = { lines: 0, bytes: 0, examples: 0 };
        for (const [index, { lines, bytes, examples }] of alone.entries()) {
          starts.set(paths[index]!, { ...before });
          before.lines += lines;
          before.bytes += bytes;
          before.examples += examples;
        }
        const placed = (diagnostics: readonly Diagnostic[]) =>
          diagnostics
            .filter(({ rule }) => !ABOUT_ALL.test(rule))
            .map(({ rule, severity, file, line, column, byteOffset, example, pointer }) => {
              const start = starts.get(file) ?? { lines: 0, bytes: 0, examples: 0 };
              const [from, to] = byteOffset!;
              const bytes = [from + start.bytes, to + start.bytes];
              return [rule, severity, line! + start.lines, column, bytes, example! + start.examples, pointer].join();
            })
            .sort();
        expect(placed(seen)).toEqual(placed(whole.diagnostics));
        expect(report.diagnostics).toEqual(seen);
        expect(report.shards?.map(({ sha256, bytes }) => [sha256, bytes])).toEqual(
          alone.map(({ sha256, bytes }) => [sha256, bytes]),
        );
      }),
      { ...seeded, numRuns: seeded.numRuns / 2 },
    );
  });

  it('finds duplicates and conflicting answers across files, with the text around them where it can be read again', async () => {
    const one = await write('one.jsonl', chats(0, 40));
    const two = await write('two.jsonl', chats(50, 60) + chat('Is 33 a number?') + chat('Is 7 a number?', 'No.'));
    const { diagnostics } = await validateFiles([one, two], { excerpts: true, select: ['dataset/*'] });
    expect(diagnostics).toMatchObject([
      {
        rule: 'dataset/duplicate',
        file: two,
        line: 11,
        column: 1,
        example: 11,
        message: `the same example as in line 34 of ${one}: it is billed and weighs once more`,
        excerpt: { lineLength: 96 },
      },
      {
        rule: 'dataset/conflicting-answers',
        file: two,
        line: 12,
        column: 1,
        params: { lines: [8, 12], files: [one, two] },
      },
    ]);
  });

  it('compares files that cannot be read again by 128 bits', async () => {
    const packed = await write('packed.jsonl.gz', gzipSync(chats(0, 12)));
    async function* bytes() {
      yield Buffer.from(chats(11, 13));
    }
    const { byRule, diagnostics } = await validateFiles([packed, { source: bytes(), label: '<stdin>' }], {
      select: ['dataset/*', 'file/*'],
      ignore: ['file/compressed'],
    });
    expect(byRule).toEqual({ 'dataset/duplicate': 1 });
    expect(diagnostics).toMatchObject([{ file: '<stdin>', line: 1, params: { firstLine: 12, file: packed } }]);
  });

  it('takes the format of the first file that has one, and says of all others that formats are mixed', async () => {
    const broken = await write('broken.jsonl', '{"messages": [\n');
    const prompts = await write('prompts.jsonl', `${JSON.stringify({ prompt: 'a', completion: '' })}\n`.repeat(3));
    const chatty = await write('chats.jsonl', chat('a').replace('assistant', 'assistent'));
    const byFile = async (...paths: string[]) => {
      const { format, diagnostics } = await validateFiles(paths, { ignore: ['dataset/*', 'line/*'] });
      return { format, found: diagnostics.map(({ rule, file }) => `${rule} ${file.replace(/.*[\\/]/, '')}`) };
    };
    expect(await byFile(broken, chatty, prompts)).toEqual({
      format: 'chat',
      found: ['json/syntax broken.jsonl', 'messages/unknown-role chats.jsonl', 'format/mixed prompts.jsonl'],
    });
    expect(await byFile(prompts, broken, chatty)).toMatchObject({
      format: 'completion',
      found: expect.not.arrayContaining(['messages/unknown-role chats.jsonl']),
    });
  });

  it('makes of every rule so many diagnostics in all, and keeps so many in the report', async () => {
    const path = await write('empty-answers.jsonl', chat('a', '').repeat(9));
    const seen: Diagnostic[] = [];
    const report = await validateFiles([path, path], {
      select: ['messages/empty-assistant'],
      maxDiagnostics: 2,
      maxDiagnosticsPerRule: 4,
      onDiagnostic: (diagnostic) => void seen.push(diagnostic),
    });
    expect([seen.length, report.diagnostics.length, report.truncated]).toEqual([4, 2, true]);
    expect(report.byRule).toEqual({ 'messages/empty-assistant': 18 });
  });

  it('holds files that validate together against those that train together', async () => {
    const files = [await write('a.jsonl', chats(0, 10)), await write('b.jsonl', chats(10, 20))];
    const fingerprints = createExampleFingerprints();
    const train = await validateFiles(files, { fileName: '<train>', collectFingerprints: fingerprints });
    expect([train.file, train.ok, fingerprints.size]).toEqual(['<train>', true, 20]);
    const held = [await write('c.jsonl', chats(30, 32)), await write('d.jsonl', chats(15, 16))];
    const { diagnostics } = await validateFiles(held, {
      split: 'valid',
      trainingFingerprints: fingerprints,
      select: ['dataset/*'],
    });
    expect(diagnostics).toMatchObject([
      { rule: 'dataset/leakage', file: held[1], params: { file: files[1], line: 6 } },
    ]);
  });

  it('gives the fingerprints of each file to whoever wants those of the part', async () => {
    const path = await write('taken.jsonl', chats(0, 3));
    let bytes = 0;
    const count = (piece: Uint8Array) => {
      bytes += piece.length;
    };
    await validateFiles([path, { source: path, onFingerprints: count }]);
    expect(bytes).toBeGreaterThan(3 * 56);
  });

  it('adds up how far each file has come', async () => {
    const paths = [await write('p.jsonl', chats(0, 10)), await write('q.jsonl', chats(10, 30))];
    const states: Progress[] = [];
    const { bytes } = await validateFiles(paths, { onProgress: (state) => states.push(state) });
    expect(states.at(-1)).toEqual({ bytes, totalBytes: bytes, examples: 10, errors: 0 });
  });
});
