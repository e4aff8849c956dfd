import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDiagnostics, type Diagnostic } from './diagnostic.js';
import type { ValidateOptions } from './options.js';
import { diagnose, validateFile, validateStream } from './validate.js';

fc.configureGlobal({ seed: 20_261_122 });

const MARK = '\ufeff';
const letters = fc.constantFrom(
  'a',
  ' ',
  'é',
  'ß',
  '日',
  '😀',
  '𝒳',
  '\u2028',
  '\u0085',
  '\ufeff',
  '"',
  '\\',
  '\t',
  '\ud83d',
);
const content = fc.array(letters, { minLength: 1, maxLength: 12, size: 'max' }).map((parts) => parts.join(''));
/** JSON that writes lone surrogates as escapes, as `JSON.stringify` does, and some white space between. */
const json = (value: unknown, indent: string) =>
  indent === '' ? JSON.stringify(value) : JSON.stringify(value, null, 1).replaceAll(/\n */g, indent);

const valid = content.map((text) => ({
  messages: [
    { role: 'user', content: `${text}.` },
    { role: 'assistant', content: 'ok' },
  ],
}));
/** Each injects one kind of fault; those that write text make it of letters of every width. */
const faulty = fc.tuple(valid, content, fc.nat(12)).map(([example, text, kind]): object | string => {
  const [user, assistant] = example.messages as [object, object];
  switch (kind) {
    case 0:
      return { ...example, [`${text}!`]: text };
    case 1:
      return { messages: [{ ...user, role: text }, assistant] };
    case 2:
      return { messages: [user, { ...assistant, weight: text, [`${text}?`]: 1 }] };
    case 3:
      return { messages: [{ role: 'user' }, { content: text }, text, assistant] };
    case 4:
      return { messages: [{ role: 'user', content: [{ type: 'text', text: 1 }, { type: text }, {}] }, assistant] };
    case 5:
      return { messages: [user], [text]: 1, z: 2 };
    case 6:
      return `${JSON.stringify(example).slice(0, -2)}`;
    case 7:
      return `{"a":"${text.replaceAll(/["\\\t\ud83d]/g, '')}" "b":NaN}`;
    case 8:
      return `${JSON.stringify(example)}${JSON.stringify(text)}`;
    case 9:
      return JSON.stringify(text);
    case 10:
      return `{"messages":[{"role":"user","content":"${text.replaceAll(/["\\\ud83d]/g, '')}\t"}]}`;
    case 11:
      return JSON.stringify({ ...example, tools: [text, { type: 'function', function: { name: 1 } }] });
    default:
      return `${JSON.stringify({ messages: text }).slice(0, -1)},"messages":1e400}`;
  }
});
const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(valid, fc.constantFrom('', ' ', '\t ')).map(([value, indent]) => json(value, indent)),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(faulty, fc.constantFrom('', ' ', '\t '), fc.constantFrom('', ' ', '\t'))
      .map(([value, indent, before]) => before + (typeof value === 'string' ? value : json(value, indent))),
  },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '\t') },
);
const dataset = fc
  .record({
    mark: fc.constantFrom('', MARK),
    first: valid,
    lines: fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 8, size: 'max' }),
    last: fc.constantFrom('', '{"a":', '{}'),
  })
  .map(({ mark, first, lines, last }) => {
    const start = `${mark}${JSON.stringify(first)}\n`;
    return Buffer.from(start + lines.map(([text, feed]) => text + feed).join('') + last);
  });
const cuts = fc.array(fc.nat(), { maxLength: 8 });

/** The bytes in chunks that are overwritten once the next one is asked for, as a reused buffer is. */
async function* chunked(bytes: Uint8Array, places: readonly number[]) {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, edge] of edges.slice(1).entries()) {
    const chunk = Buffer.from(bytes.subarray(edges[index], edge));
    yield chunk;
    chunk.fill(0x3f);
  }
}

const check = (bytes: Uint8Array, options: ValidateOptions = {}, places: readonly number[] = []) =>
  validateStream(chunked(bytes, places), { tokens: 'off', ...options });

/** The physical lines: their text without line break, carriage return and byte order mark, and where that begins. */
function physicalLines(bytes: Buffer): { text: string; start: number }[] {
  const lines: { text: string; start: number }[] = [];
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    let text = bytes.toString('utf8', start, end);
    let from = start;
    if (start === 0 && text.startsWith(MARK)) {
      text = text.slice(1);
      from += 3;
    }
    lines.push({ text: text.endsWith('\r') ? text.slice(0, -1) : text, start: from });
    start = end + 1;
  }
  return lines;
}

/** What the columns of a diagnostic say of its line, beside what its bytes say. */
function expectAgreement(diagnostic: Diagnostic, bytes: Buffer): void {
  const { line: number, column, endLine, endColumn, byteOffset, rule } = diagnostic;
  if (number === undefined) {
    expect([rule, column, byteOffset]).toEqual([rule, undefined, undefined]);
    return;
  }
  if (rule === 'file/byte-order-mark') {
    expect([number, column, endColumn, byteOffset]).toEqual([1, 1, 1, [0, 3]]);
    return;
  }
  const { text, start } = physicalLines(bytes)[number - 1]!;
  const from = column! - 1;
  const to = endColumn! - 1;
  expect(endLine).toBe(number);
  expect(0 <= from && from <= to && to <= text.length).toBe(true);
  expect(byteOffset).toEqual([
    start + Buffer.byteLength(text.slice(0, from)),
    start + Buffer.byteLength(text.slice(0, to)),
  ]);
  expect(bytes.toString('utf8', ...byteOffset!)).toBe(text.slice(from, to));
}

describe('the place of a diagnostic', () => {
  it('is the same text by its columns and by its bytes', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(dataset, cuts, async (bytes, places) => {
        const { diagnostics } = await check(bytes, {}, places);
        for (const diagnostic of diagnostics) {
          seen.add(diagnostic.rule);
          expectAgreement(diagnostic, bytes);
        }
      }),
      { numRuns: 300 },
    );
    // Proof that the data has the faults that it was made for.
    expect(seen).toContain('messages/unknown-role');
    expect(seen).toContain('example/unknown-key');
    expect(seen).toContain('json/syntax');
    expect(seen).toContain('json/not-an-object');
    expect(seen).toContain('line/blank');
    expect(seen.size).toBeGreaterThan(15);
  });

  it('has the value that the pointer points to', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, async (bytes) => {
        const lines = physicalLines(bytes);
        const { diagnostics } = await check(bytes, { select: ['messages/*', 'example/*'] });
        for (const { line: number, column, endColumn, pointer, messageIndex } of diagnostics) {
          if (number === undefined) continue;
          const { text } = lines[number - 1]!;
          const span = text.slice(column! - 1, endColumn! - 1);
          const steps = pointer!
            .split('/')
            .slice(1)
            .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
          const value = steps.reduce<unknown>(
            (parent, step) => (parent as Record<string, unknown>)[step],
            JSON.parse(text),
          );
          // At a value, or at its key.
          expect([JSON.stringify(value), JSON.stringify(steps.at(-1))]).toContain(JSON.stringify(JSON.parse(span)));
          expect(messageIndex).toBe(steps[0] === 'messages' && steps.length > 1 ? Number(steps[1]) + 1 : undefined);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of a blank first line lies behind the byte order mark', async () => {
    const bytes = Buffer.from(`${MARK}\r\n\n{"messages":[]}\n`);
    const { diagnostics } = await check(bytes, { select: ['line/blank', 'example/*'] });
    expect(diagnostics.map(({ line: number, column, byteOffset }) => [number, column, byteOffset])).toEqual([
      [1, 1, [3, 3]],
      [2, 1, [5, 5]],
      [3, 13, [18, 20]],
    ]);
  });

  it('names the invalid byte behind characters of every width', async () => {
    const before = `{"messages":"é日😀${MARK}\t`;
    const head = Buffer.from(`${MARK}{"messages":[]}\r\n${before}`);
    const bytes = Buffer.concat([head, Buffer.of(0xe9), Buffer.from('"}\n')]);
    const { diagnostics } = await check(bytes, { select: ['line/invalid-utf8'] });
    expect(diagnostics).toEqual([
      expect.objectContaining({
        line: 2,
        column: before.length + 1,
        endColumn: before.length + 2,
        byteOffset: [head.length, head.length + 1],
        params: { byte: 'E9', offset: head.length, looksLike: 'é' },
        example: 2,
      }),
    ]);
  });

  it('of a line that is too long is the whole line', async () => {
    const long = `{"messages":"${'é😀'.repeat(40)}"}`;
    const bytes = Buffer.from(`{"messages":[]}\n${long}\n{"messages":[]}\n`);
    for (const places of [[], [30], [17, 45, 46, 47, 48]]) {
      const { diagnostics, lines } = await check(bytes, { maxLineBytes: 100, select: ['line/too-long'] }, places);
      expect(lines).toBe(3);
      expect(diagnostics).toEqual([
        expect.objectContaining({
          line: 2,
          column: 1,
          endColumn: long.length + 1,
          byteOffset: [16, 16 + Buffer.byteLength(long)],
          params: {
            bytes: Buffer.byteLength(long),
            cap: 100,
            isJson: true,
            largest: { pointer: '/messages', characters: 120 },
          },
        }),
      ]);
      expectAgreement(diagnostics[0]!, bytes);
    }
  });

  it.each<[string, string, string, string]>([
    ['a wrong value', '{"messages":[{"role":"usr","content":"x"}]}', 'messages/unknown-role', '"usr"'],
    ['an unknown key', '{"messages":[{"role":"user","content":"x","wieght":0}]}', 'messages/unknown-key', '"wieght"'],
    ['what lacks a key', '{"messages":[{"role":"user"}]}', 'messages/missing-content', '{"role":"user"}'],
    ['the whole example', ' {"messages" : 1 , "x": 1 } ', 'example/unknown-key', '"x"'],
  ])('is that of %s', async (_, text, rule, span) => {
    const { diagnostics } = await check(Buffer.from(text), { select: [rule] });
    expect(diagnostics.map(({ column, endColumn }) => text.slice(column! - 1, endColumn! - 1))).toEqual([span]);
  });
});

describe('a report', () => {
  it('is the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, cuts, fc.constantFrom(60, 100_000), async (bytes, places, maxLineBytes) => {
        const { durationMs: _, ...whole } = await check(bytes, { maxLineBytes, excerpts: true });
        const { durationMs: __, ...cut } = await check(bytes, { maxLineBytes, excerpts: true }, places);
        expect(cut).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, async (bytes) => {
        const { durationMs: _, ...whole } = await check(bytes);
        const { durationMs: __, ...cut } = await check(bytes, {}, [...bytes.keys()]);
        expect(cut).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('counts bytes, lines and examples, and hashes the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, cuts, async (bytes, places) => {
        const lines = physicalLines(bytes);
        const report = await check(bytes, {}, places);
        expect(report).toMatchObject({
          bytes: bytes.length,
          lines: lines.length,
          examples: lines.filter(({ text }) => /[^ \t\r]/.test(text)).length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        });
      }),
      { numRuns: 150 },
    );
  });

  it('numbers lines and examples as they stand in the file', async () => {
    const { diagnostics } = await check(Buffer.from('{"messages":[]}\n\n{"messages":[]}\n \n[]\n'), {
      select: ['example/*', 'line/*', 'json/*'],
    });
    expect(diagnostics.map(({ rule, line: number, example }) => [rule, number, example])).toEqual([
      ['example/empty-messages', 1, 1],
      ['line/blank', 2, undefined],
      ['example/empty-messages', 3, 2],
      ['line/blank', 4, undefined],
      ['json/not-an-object', 5, 3],
    ]);
  });

  it('has exact totals, whatever it keeps', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, fc.nat(6), async (bytes, maxDiagnostics) => {
        const all: Diagnostic[] = [];
        const report = await check(bytes, { maxDiagnostics, onDiagnostic: (diagnostic) => void all.push(diagnostic) });
        expect(report.diagnostics).toEqual(all.slice(0, maxDiagnostics));
        expect(report.truncated).toBe(all.length > maxDiagnostics);
        const of = (severity: string) => all.filter((diagnostic) => diagnostic.severity === severity).length;
        expect([report.errors, report.warnings, report.infos]).toEqual([of('error'), of('warning'), of('info')]);
        expect(report.ok).toBe(report.errors === 0);
        const byRule: Record<string, number> = {};
        for (const { rule } of all) byRule[rule] = (byRule[rule] ?? 0) + 1;
        expect(report.byRule).toEqual(byRule);
      }),
      { numRuns: 100 },
    );
  });

  it('gives diagnostics of different fingerprints, those of one line in the order of their columns', async () => {
    await fc.assert(
      fc.asyncProperty(dataset, async (bytes) => {
        const { diagnostics } = await check(bytes);
        expect(new Set(diagnostics.map(({ fingerprint }) => fingerprint)).size).toBe(diagnostics.length);
        for (const [index, diagnostic] of diagnostics.entries()) {
          const before = diagnostics[index - 1];
          // What is said of the file, or of all examples at once, comes when it is known.
          if (before?.line === undefined || before.line !== diagnostic.line) continue;
          if (
            /(file|format|dataset)\/|messages\/no-system|completion\/(no|leading)-/.test(before.rule + diagnostic.rule)
          )
            continue;
          expect(compareDiagnostics(before, diagnostic)).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('carries excerpts only when they are asked for', async () => {
    const bytes = Buffer.from('{"messages":"secret"}\n{"a":"secret}\n');
    const silent = await check(bytes);
    expect(JSON.stringify(silent)).not.toContain('secret');
    for (const diagnostic of silent.diagnostics) expect(diagnostic).not.toHaveProperty('excerpt');
    const { diagnostics } = await check(bytes, { excerpts: true, select: ['example/*'] });
    expect(diagnostics[0]?.excerpt).toEqual({
      before: '{"messages":',
      span: '"secret"',
      after: '}',
      isCutBefore: false,
      isCutAfter: false,
      lineLength: 21,
    });
  });
});

describe('a fix', () => {
  const apply = (bytes: Buffer, { edits }: NonNullable<Diagnostic['fix']>): Buffer => {
    const parts: Buffer[] = [];
    let at = 0;
    for (const {
      byteOffset: [start, end],
      text,
    } of edits) {
      // In ascending order, within the file, without overlap.
      expect(start).toBeGreaterThanOrEqual(at);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(bytes.length);
      parts.push(bytes.subarray(at, start), Buffer.from(text));
      at = end;
    }
    return Buffer.concat([...parts, bytes.subarray(at)]);
  };

  it('mends something: applied again and again, nothing is left that has one', async () => {
    const mended = new Set<string>();
    await fc.assert(
      fc.asyncProperty(dataset, async (given) => {
        let bytes: Buffer = given;
        const { examples } = await check(bytes);
        for (let round = 0; ; round += 1) {
          const report = await check(bytes);
          const found = report.diagnostics.find(({ fix }) => fix !== undefined);
          if (found?.fix === undefined) break;
          expect([found.rule, round]).toEqual([found.rule, expect.toSatisfy((rounds: number) => rounds < 200)]);
          bytes = apply(bytes, found.fix);
          mended.add(found.rule);
        }
        expect((await check(bytes)).examples).toBe(examples);
      }),
      { numRuns: 60 },
    );
    expect(mended.size).toBeGreaterThan(2);
  });
});

describe('the ways to check', () => {
  const bytes = Buffer.from(`{"messages":[]}\n{"messages":[{"role":"usr","content":"x"}]}\n{"a":}\n`);

  it('yield the diagnostics that the report has', async () => {
    const { diagnostics } = await check(bytes);
    const yielded: Diagnostic[] = [];
    for await (const diagnostic of diagnose(Readable.from([bytes]), { tokens: 'off' })) yielded.push(diagnostic);
    expect(yielded).toEqual(diagnostics);
  });

  it('take a Web stream as they take a Node stream', async () => {
    const { durationMs: _, ...ofWeb } = await validateStream(new Blob([bytes]).stream(), { tokens: 'off' });
    const { durationMs: __, ...ofNode } = await validateStream(Readable.from([bytes]), { tokens: 'off' });
    expect(ofWeb).toEqual(ofNode);
  });

  it('read a file whose lines lie across the borders of what is read at once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tunegate-'));
    try {
      const path = join(directory, 'train.jsonl');
      const text = (index: number) => `${'é日😀'.repeat(4_000 + index)}.`;
      const example = (index: number) => ({
        messages: [
          { role: 'user', content: text(index) },
          { role: 'assistant', content: 'ok' },
        ],
      });
      const lines = Array.from({ length: 60 }, (_, index) => JSON.stringify(example(index)));
      lines[40] = lines[40]!.replace('"assistant"', '"asistant"');
      const file = Buffer.from(`${lines.join('\n')}\n`);
      await writeFile(path, file);
      const report = await validateFile(path, { tokens: 'off' });
      expect(report).toMatchObject({
        bytes: file.length,
        lines: 60,
        examples: 60,
        sha256: createHash('sha256').update(file).digest('hex'),
      });
      const found = report.diagnostics.filter(({ severity }) => severity === 'error');
      expect(found.map(({ rule, line: number }) => [rule, number])).toContainEqual(['messages/unknown-role', 41]);
      expect(found.every(({ line: number }) => number === 41)).toBe(true);
      for (const diagnostic of report.diagnostics) expectAgreement(diagnostic, file);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
