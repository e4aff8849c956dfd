import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostic.js';
import type { Report } from '../report.js';
import type { Formatter } from './formatter.js';
import { concise, formatters, github, githubStepSummary, json, jsonl, pretty } from './index.js';

const unknownRole = {
  rule: 'messages/unknown-role',
  severity: 'error',
  message: 'unknown role "assistent"',
  help: 'did you mean "assistant"?',
  file: 'data/train.jsonl',
  line: 143,
  column: 71,
  endLine: 143,
  endColumn: 82,
  byteOffset: [40112, 40123],
  pointer: '/messages/2/role',
  example: 143,
  messageIndex: 3,
  params: { role: 'assistent', suggestion: 'assistant', known: ['user', 'assistant'] },
  url: 'https://example.org/rules/messages/unknown-role',
  fingerprint: '9f2c',
  excerpt: {
    before: '{"role":"user","content":"What is 2+2?"},{"role":',
    span: '"assistent"',
    after: ',"content":"4"}]}',
    isCutBefore: true,
    isCutAfter: false,
    lineLength: 99,
  },
} as const satisfies Diagnostic;

const emptyFile = {
  rule: 'file/empty',
  severity: 'error',
  message: 'the file is empty',
  file: 'data/train.jsonl',
  params: { bytes: 0 },
  url: 'https://example.org/rules/file/empty',
  fingerprint: '11aa',
} as const satisfies Diagnostic;

const crlf = {
  ...emptyFile,
  rule: 'file/crlf',
  severity: 'info',
  message: 'CRLF line ends',
  params: { lines: 3 },
} as const satisfies Diagnostic;

const broken: Report = {
  schemaVersion: 1,
  file: 'data/train.jsonl',
  ok: false,
  target: 'openai',
  format: 'chat',
  formatReason: 'messages in the first example',
  bytes: 318_200_000,
  lines: 214_010,
  examples: 214_006,
  errors: 1209,
  warnings: 42,
  infos: 0,
  byRule: { 'messages/unknown-role': 1209, 'messages/unknown-key': 42 },
  diagnostics: [],
  truncated: true,
  sha256: 'c0ffee',
  tokens: {
    encoding: 'o200k_base',
    total: 61_300_123,
    trained: 58_000_456,
    perExample: { min: 12, mean: 286.4, p50: 260, p95: 810, max: 71_204 },
    examples: 214_006,
    isEstimate: true,
  },
  epochs: 3,
  durationMs: 6100,
};

const clean: Report = { ...broken, ok: true, errors: 0, warnings: 0, byRule: {}, truncated: false };

/** What a formatter writes for these diagnostics and this report. */
function written(formatter: Formatter, diagnostics: readonly Diagnostic[], report: Report): string {
  return diagnostics.map((it) => formatter.diagnostic(it)).join('') + formatter.report(report) + formatter.end();
}

const atLine = (line: number): Diagnostic => ({ ...unknownRole, line, endLine: line, example: line });
const lines = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => atLine(first + i));

describe('pretty', () => {
  test('frames the window around the finding', () => {
    expect(pretty().diagnostic(unknownRole)).toBe(
      [
        'error[messages/unknown-role] unknown role "assistent"',
        '   --> data/train.jsonl:143:71  (a line of 99 characters)',
        '    |',
        '143 | …tent":"What is 2+2?"},{"role":"assistent","content":"4"}]}',
        '    |                                ^^^^^^^^^^^',
        '    |',
        '    = at: /messages/2/role',
        '    = help: did you mean "assistant"?',
        '    = docs: https://example.org/rules/messages/unknown-role',
        '',
        '',
      ].join('\n'),
    );
  });

  test('names the example when its number is not that of the line', () => {
    expect(pretty().diagnostic({ ...unknownRole, example: 1140 })).toContain('    = example: 1,140, message 3\n');
  });

  test('puts a finding about the file under the file', () => {
    expect(pretty().diagnostic(emptyFile)).toBe(
      'error[file/empty] the file is empty\n--> data/train.jsonl\n = docs: https://example.org/rules/file/empty\n\n',
    );
  });

  test.each([
    ['wide characters', '漢字"', 5],
    ['a tab and an escape sequence', '\t\u001b[1m', 5],
    ['a combining mark', 'e\u0301"', 2],
  ])('keeps the caret under the span after %s', (_, before, column) => {
    const excerpt = { before, span: '"x"', after: '', isCutBefore: false, isCutAfter: false, lineLength: 8 };
    const frame = pretty()
      .diagnostic({ ...unknownRole, line: 1, excerpt })
      .split('\n');
    expect(frame[4]).toBe(`  | ${' '.repeat(column)}^^^`);
  });

  test('shortens a long span from its inside and marks what is shown of it', () => {
    const span = `"${'a'.repeat(78)}…${'b'.repeat(29)}"`;
    const excerpt = { before: '', span, after: '', isCutBefore: false, isCutAfter: false, lineLength: 5000 };
    const frame = pretty()
      .diagnostic({ ...unknownRole, excerpt })
      .split('\n');
    expect(frame[3]).toBe(`143 | "${'a'.repeat(38)}…${'b'.repeat(19)}"`);
    expect(frame[4]).toBe(`    | ${'^'.repeat(60)}`);
  });

  test('marks a place even where nothing is', () => {
    const excerpt = { before: '{}', span: '', after: '', isCutBefore: false, isCutAfter: false, lineLength: 2 };
    expect(pretty().diagnostic({ ...unknownRole, excerpt })).toContain('    |   ^\n');
  });

  test('shows three of a rule, counts the others and ends with the figures', () => {
    const output = written(pretty(), lines(411, 420), broken);
    expect(output.match(/^error\[/gm)).toHaveLength(3);
    expect(output.slice(output.indexOf('… '))).toBe(
      [
        '… messages/unknown-role: 1,206 more (lines 414, 415, 416, 417 …)   see all: --max-per-rule 0',
        '',
        'data/train.jsonl  214,006 examples  318.2 MB  61.3 M tokens (o200k_base, estimate)  58.0 M trained',
        '  1,209 errors   42 warnings',
        '  tokens/example  min 12  median 260  p95 810  max 71,204',
        'checked in 6.1 s',
        '',
      ].join('\n'),
    );
  });

  test('says of a clean dataset one line, or with quiet nothing', () => {
    expect(written(pretty(), [], clean)).toBe(
      'data/train.jsonl ok  214,006 examples  318.2 MB  61.3 M tokens  (6.1 s)\n',
    );
    expect(written(pretty({ quiet: true }), [], clean)).toBe('');
    expect(written(pretty(), [], { ...clean, warnings: 1 })).toContain('  1 warning  (6.1 s)\n');
  });

  test('colours only when asked', () => {
    expect(written(pretty(), [unknownRole], broken)).not.toContain('\u001b');
    const colored = written(pretty({ color: true }), [unknownRole], broken);
    expect(colored).toContain('\u001b[1;31merror[messages/unknown-role]\u001b[0m');
    const sequence = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]+m`, 'g');
    expect(colored.replace(sequence, '')).toBe(written(pretty(), [unknownRole], broken));
  });
});

describe('concise', () => {
  test('writes one line for each finding and one for the dataset', () => {
    expect(written(concise(), [unknownRole, emptyFile], broken)).toBe(
      [
        'data/train.jsonl:143:71: error messages/unknown-role: unknown role "assistent" [/messages/2/role] help: did you mean "assistant"?',
        'data/train.jsonl: error file/empty: the file is empty',
        'data/train.jsonl: 1,209 errors, 42 warnings, 214,006 examples, 318.2 MB, 61.3 M tokens',
        '',
      ].join('\n'),
    );
  });

  test('shows a hundred and counts the others', () => {
    const output = written(concise(), lines(1, 1250), broken).split('\n');
    expect(output).toHaveLength(103);
    expect(output[100]).toBe('data/train.jsonl: 1,150 more not shown (--max-errors 0 shows them)');
  });

  test('shows all when asked', () => {
    expect(written(concise({ maxErrors: 0 }), lines(1, 250), broken).split('\n')).toHaveLength(252);
  });
});

describe('jsonl', () => {
  test('writes the pinned keys in the pinned order, without the excerpt', () => {
    expect(jsonl().diagnostic(unknownRole)).toBe(
      '{"type":"diagnostic","rule":"messages/unknown-role","severity":"error","message":"unknown role \\"assistent\\"",' +
        '"help":"did you mean \\"assistant\\"?","file":"data/train.jsonl","line":143,"column":71,"endLine":143,"endColumn":82,' +
        '"byteOffset":[40112,40123],"pointer":"/messages/2/role","example":143,"messageIndex":3,' +
        '"params":{"role":"assistent","suggestion":"assistant","known":["user","assistant"]},' +
        '"url":"https://example.org/rules/messages/unknown-role","fingerprint":"9f2c"}\n',
    );
  });

  test('ends each dataset with one summary', () => {
    expect(jsonl().report({ ...broken, model: 'gpt-4.1-mini-2025-04-14' })).toBe(
      '{"type":"summary","schemaVersion":1,"file":"data/train.jsonl","ok":false,"target":"openai","model":"gpt-4.1-mini-2025-04-14",' +
        '"format":"chat","formatReason":"messages in the first example","bytes":318200000,"lines":214010,"examples":214006,' +
        '"errors":1209,"warnings":42,"infos":0,"byRule":{"messages/unknown-role":1209,"messages/unknown-key":42},' +
        '"truncated":true,"shown":0,"sha256":"c0ffee","tokens":{"encoding":"o200k_base","total":61300123,"trained":58000456,' +
        '"perExample":{"min":12,"mean":286.4,"p50":260,"p95":810,"max":71204}},"epochs":3,"durationMs":6100}\n',
    );
  });

  test('is truncated when fewer were shown than found', () => {
    const two: Report = { ...broken, errors: 2, warnings: 0 };
    const summary = (options: { maxErrors?: number }) =>
      JSON.parse(written(jsonl(options), lines(1, 2), two).trimEnd().split('\n').at(-1) ?? '');
    expect(summary({})).toMatchObject({ truncated: false });
    expect(summary({})).not.toHaveProperty('shown');
    expect(summary({ maxErrors: 1 })).toMatchObject({ truncated: true, shown: 1 });
  });
});

describe('json', () => {
  test('writes one object for several datasets', () => {
    const formatter = json();
    const text = [
      formatter.diagnostic(unknownRole),
      formatter.report(broken),
      formatter.diagnostic(emptyFile),
      formatter.report({ ...broken, file: 'b.jsonl' }),
      formatter.end(),
    ].join('');
    const parsed = JSON.parse(text);
    expect(Object.keys(parsed)).toEqual(['schemaVersion', 'diagnostics', 'files']);
    expect(parsed.diagnostics.map((it: { rule: string }) => it.rule)).toEqual(['messages/unknown-role', 'file/empty']);
    expect(parsed.files.map((it: { file: string }) => it.file)).toEqual(['data/train.jsonl', 'b.jsonl']);
  });

  test('is an object even when there is nothing to say', () => {
    expect(JSON.parse(json().end())).toEqual({ schemaVersion: 1, diagnostics: [], files: [] });
  });
});

describe('github', () => {
  test('annotates the place and repeats it in the message', () => {
    expect(written(github(), [unknownRole], { ...broken, errors: 1, warnings: 0, infos: 0 })).toBe(
      '::error title=messages/unknown-role,file=data/train.jsonl,line=143,col=71,endLine=143,endColumn=82::' +
        'data/train.jsonl:143:71 unknown role "assistent" at /messages/2/role%0Ahelp: did you mean "assistant"?\n',
    );
  });

  test('gives every rule an annotation before any rule gets a second, and counts the others', () => {
    const counted = { errors: 31, warnings: 0, infos: 1, byRule: { 'messages/unknown-role': 30, 'file/empty': 1 } };
    const output = written(github(), [...lines(1, 30), emptyFile, crlf], { ...broken, ...counted })
      .trimEnd()
      .split('\n');
    expect(output).toHaveLength(12);
    expect(output[0]).toContain('::error title=messages/unknown-role');
    expect(output[1]).toContain('::error title=file/empty');
    expect(output[10]).toBe('and 21 more errors (GitHub shows no more annotations of one step)');
    expect(output[11]).toContain('::notice title=file/crlf,file=data/train.jsonl::');
  });

  test('escapes what would end a property or the command', () => {
    const file = 'a,b:c%\r\n.jsonl';
    const output = github();
    output.diagnostic({ ...emptyFile, file, message: '100% of\nlines' });
    expect(output.end()).toBe(
      '::error title=file/empty,file=a%2Cb%3Ac%25%0D%0A.jsonl::a,b:c%25␍␊.jsonl 100%25 of␊lines\n',
    );
  });

  test('summarises a step in figures and rule ids', () => {
    expect(githubStepSummary(broken)).toBe(
      [
        '### tunegate: `data/train.jsonl` has errors',
        '',
        '1,209 errors · 42 warnings · 0 infos',
        '',
        '214,006 examples · 318.2 MB · 61.3 M tokens',
        '',
        '| rule | findings |',
        '|---|---:|',
        '| messages/unknown-role | 1,209 |',
        '| messages/unknown-key | 42 |',
        '',
        '',
      ].join('\n'),
    );
    expect(githubStepSummary(clean)).not.toContain('| rule');
  });
});

describe('a dataset of several files', () => {
  const shard = {
    bytes: 1_300,
    sha256: 'aa',
    lines: 10,
    examples: 10,
    format: 'chat',
    errors: 0,
    warnings: 1,
    infos: 0,
  } as const;
  const joined = (files: number): Report => ({
    ...clean,
    file: '<train>',
    sha256: '',
    comparison: 'across-shards',
    shards: Array.from({ length: files }, (_, index) => ({ ...shard, file: `part-${index}.jsonl` })),
  });

  test('has one line with the number of its files in concise', () => {
    expect(concise().report(joined(2))).toMatch(/^<train>: ok, .*2 files, [^\n]*\n$/);
  });

  test('has its files below it in pretty and in the step summary, the first 20 of them', () => {
    const text = pretty().report(joined(2));
    expect(text).toMatch(/^<train> ok {2}2 files {2}/);
    expect(text).toContain('\n  part-0.jsonl  10 examples  1.3 kB\n  part-1.jsonl  10 examples  1.3 kB\n');
    expect(pretty().report(joined(22))).toMatch(/ {2}part-19\.jsonl .*\n {2}… and 2 more\n$/);
    const summary = githubStepSummary(joined(21));
    expect(summary).toContain('\n- `part-19.jsonl`: 10 examples, 1.3 kB\n- … and 1 more\n');
  });
});

describe('whatever the data holds', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 80 });
  const anyDiagnostic = fc
    .record({
      message: anyText,
      help: anyText,
      file: anyText,
      pointer: anyText,
      before: anyText,
      span: anyText,
      after: anyText,
    })
    .map(
      ({ before, span, after, ...texts }): Diagnostic => ({
        ...unknownRole,
        ...texts,
        params: { role: span, known: [after] },
        excerpt: { before, span, after, isCutBefore: false, isCutAfter: false, lineLength: 9 },
      }),
    );

  test.each(['pretty', 'concise', 'github'] as const)('%s lets no control character through', (name) => {
    fc.assert(
      fc.property(anyDiagnostic, (diagnostic) => {
        const output = written(formatters[name](), [diagnostic], { ...broken, file: diagnostic.file });
        expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  test.each([
    ['concise', 2],
    ['github', 2],
    ['jsonl', 2],
  ] as const)('%s stays at one line for each finding', (name, count) => {
    fc.assert(
      fc.property(anyDiagnostic, (diagnostic) => {
        const once = written(formatters[name](), [diagnostic], { ...clean, file: diagnostic.file });
        const twice = written(formatters[name](), [diagnostic, diagnostic], { ...clean, file: diagnostic.file });
        expect(twice.split('\n').length - once.split('\n').length).toBe(count - 1);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test('every line of jsonl and the whole of json parse to what was found', () => {
    fc.assert(
      fc.property(fc.array(anyDiagnostic, { maxLength: 4 }), (diagnostics) => {
        const byLine = written(jsonl(), diagnostics, clean)
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        const whole = JSON.parse(written(json(), diagnostics, clean));
        expect(byLine.slice(0, -1)).toEqual(whole.diagnostics);
        expect(whole.diagnostics.map((it: Diagnostic) => it.message)).toEqual(diagnostics.map((it) => it.message));
        expect(whole.diagnostics.every((it: object) => !('excerpt' in it))).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
