import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SNIFF_BYTES, sniffContainer } from './container.js';
import { createSniffer } from './sniffer.js';

fc.configureGlobal({ seed: 20_261_122 });

const example = '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}';
const sniff = (text: string | Uint8Array, isWhole = true) => {
  const found = sniffContainer(typeof text === 'string' ? Buffer.from(text) : text, isWhole);
  return found && [found.rule, 'kind' in found.params ? found.params.kind : undefined];
};
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('sniffContainer', () => {
  it.each<[string, string | Uint8Array, string, string?]>([
    ['an array on one line', `[${example},${example}]`, 'file/json-array'],
    ['an array over several lines', `[\n${example},\n${example}\n]\n`, 'file/json-array'],
    ['an array behind a byte order mark', `\ufeff[\n${example}]`, 'file/json-array'],
    ['an array behind blank lines', `\n \n[${example}]`, 'file/json-array'],
    ['a pretty-printed example', JSON.stringify(JSON.parse(example), null, 2), 'file/pretty-printed'],
    [
      'several pretty-printed examples',
      `${JSON.stringify(JSON.parse(example), null, '\t')}\n`.repeat(3),
      'file/pretty-printed',
    ],
    ['UTF-16 with a byte order mark', utf16(`\ufeff${example}\n`), 'file/utf16'],
    ['UTF-16 without one', utf16(`${example}\n`), 'file/utf16'],
    ['big-endian UTF-16', utf16(`\ufeff${example}\n`).swap16(), 'file/utf16'],
    ['big-endian UTF-16 without a byte order mark', utf16(`${example}\n`).swap16(), 'file/utf16'],
    ['a zip archive', Buffer.from('PK\x03\x04abc', 'latin1'), 'file/compressed', 'zip'],
    ['a workbook', Buffer.from('PK\x03\x04..[Content_Types].xml', 'latin1'), 'file/not-jsonl', 'xlsx'],
    ['Parquet', Buffer.from('PAR1\x15\x04', 'latin1'), 'file/not-jsonl', 'parquet'],
    [
      'a pointer of Git LFS',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      'file/git-lfs-pointer',
    ],
    ['lines that end in CR', `${example}\r${example}\r`, 'file/lone-carriage-return'],
    ['a table with commas', 'prompt,completion\nhi,ho\nha,hu\n', 'file/not-jsonl', 'csv'],
    ['a table with tabs', 'prompt\tcompletion\nhi\tho\n', 'file/not-jsonl', 'tsv'],
    ['YAML', '- role: user\n  content: hi\n- role: assistant\n', 'file/not-jsonl', 'yaml'],
    ['Python', "{'messages': [{'role': 'user'}]}\n{'messages': []}\n", 'file/not-jsonl', 'python-repr'],
    ['prose', 'Once upon a time\nthere was a file\n', 'file/not-jsonl', 'text'],
  ])('knows %s', (_, content, rule, kind) => {
    expect(sniff(content)).toEqual([rule, kind]);
  });

  it.each([
    ['an empty file', ''],
    ['blank lines', '\n \n\r\n'],
    ['one example', example],
    ['examples', `${example}\n${example}\n`],
    ['CRLF', `${example}\r\n${example}\r\n`],
    ['a byte order mark', `\ufeff${example}\n`],
    ['a broken first line', `{"messages":[}\n${example}\n`],
    ['a cut first line', `${example.slice(0, -2)}\n${example}\n`],
    ['a cut only line', example.slice(0, -2)],
    ['trailing commas', `${example},\n${example},\n`],
    ['arrays on lines', '[1]\n[2]\n'],
    ['an array of objects on the first of several lines', `[${example}]\n${example}\n`],
    ['a comment on the first line', `// examples\n${example}\n`],
    ['a raw line break in a text', `{"messages":[{"role":"user","content":"first line\nsecond line"}]}\n${example}\n`],
    [
      'a raw line break behind a letter of a literal',
      `{"messages":[{"role":"user","content":"one\ntwo"}]}\n${example}\n`,
    ],
    ['a carriage return in a text', `{"messages":"a\rb"}\n`],
    ['ill-formed UTF-8', Buffer.from(`{"messages":"caf\xe9"}\n`, 'latin1')],
    ['an escaped NUL', '{"messages":"\\u0000"}\n'],
  ])('lets %s be judged line by line', (_, content) => {
    expect(sniff(content)).toBeUndefined();
  });

  it('is not misled by a sample that ends within a character or within the first line', () => {
    const long = Buffer.from(`{"messages":"${'日'.repeat(1_000)}"}\n`);
    for (let length = 20; length < 60; length += 1) expect(sniff(long.subarray(0, length), false)).toBeUndefined();
    expect(sniff(`[${example}`, false)).toEqual(['file/json-array', undefined]);
  });
});

describe('createSniffer', () => {
  /** Runs bytes through it, in chunks that are overwritten after each call. */
  const run = (bytes: Uint8Array, places: readonly number[]) => {
    const findings: string[] = [];
    const sniffer = createSniffer(({ rule }) => findings.push(rule));
    const out: number[] = [];
    const edges = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    for (const [index, edge] of edges.slice(1).entries()) {
      const chunk = Buffer.from(bytes.subarray(edges[index], edge));
      for (const part of sniffer.take(chunk)) out.push(...part);
      chunk.fill(0x3f);
    }
    for (const part of sniffer.end()) out.push(...part);
    return { findings, out: Buffer.from(out), isContainer: sniffer.isContainer };
  };

  it('hands on all bytes of JSON Lines and none of anything else, however they are cut', () => {
    const files = fc.constantFrom<[string, string[]]>(
      [`${example}\n${example}\n`, []],
      [`\ufeff${example}`, []],
      ['', []],
      [`[${example}]`, ['file/json-array']],
      ['a,b\n1,2\n', ['file/not-jsonl']],
    );
    fc.assert(
      fc.property(files, fc.array(fc.nat(), { maxLength: 5 }), ([text, findings], places) => {
        const isContainer = findings.length > 0;
        const out = isContainer ? '' : text;
        const { out: bytes, ...rest } = run(Buffer.from(text), places);
        expect({ ...rest, out: bytes.toString() }).toEqual({ findings, isContainer, out });
      }),
    );
  });

  it('holds back no more than the sample', () => {
    const sniffer = createSniffer(() => expect.unreachable());
    const chunk = Buffer.from(`${example}\n`.repeat(1_000));
    let given = 0;
    let taken = 0;
    for (; given < 3 * SNIFF_BYTES; given += chunk.length) {
      for (const part of sniffer.take(chunk)) taken += part.length;
      expect(given + chunk.length - taken).toBeLessThan(SNIFF_BYTES + chunk.length);
    }
    for (const part of sniffer.end()) taken += part.length;
    expect(taken).toBe(given);
  });
});
