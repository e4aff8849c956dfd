import { readFileSync } from 'node:fs';
import { memoryUsage } from 'node:process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from './diagnostic.js';
import type { ValidateOptions } from './options.js';
import type { Report } from './report.js';
import { validateStream } from './validate.js';

fc.configureGlobal({ seed: 20_261_122 });

const isFull = process.env.TUNEGATE_FULL === '1';
/** The full run looks at so much that it takes minutes. */
const TIMEOUT = 600_000;
const RUNS = isFull ? 5_000 : 100;
const encode = (text: string) => new TextEncoder().encode(text);
const real = readFileSync(new URL('../../../test-fixtures/datasets/bicycle-shop.jsonl', import.meta.url)).subarray(
  0,
  12_000,
);
const packed = gzipSync(real);

/** Checks bytes in pieces; fails when a diagnostic stands outside of them. */
async function check(bytes: Uint8Array, size = 1_024, options: ValidateOptions = {}): Promise<Report> {
  async function* source() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const report = await validateStream(source(), { tokens: 'off', maxDiagnostics: 1_000_000, ...options });
  for (const found of report.diagnostics) expectPlace(found, report.bytes);
  return report;
}

function expectPlace({ line, column, endLine, endColumn, byteOffset }: Diagnostic, bytes: number): void {
  if (line === undefined) return;
  expect(line).toBeGreaterThan(0);
  expect(column).toBeGreaterThan(0);
  expect(endLine! > line || endColumn! >= column!).toBe(true);
  const [start, end] = byteOffset!;
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(bytes);
}

const rulesOf = ({ diagnostics }: Report) => diagnostics.map(({ rule }) => rule);

/** Changes of a file: a place, what is taken out there, and what is put in. */
const changes = fc.array(fc.tuple(fc.nat(), fc.nat(4), fc.uint8Array({ maxLength: 4 })), {
  minLength: 1,
  maxLength: 5,
});

function change(bytes: Uint8Array, edits: readonly (readonly [number, number, Uint8Array])[]): Uint8Array {
  return edits.reduce<Uint8Array>((before, [place, removed, added]) => {
    const at = place % (before.length + 1);
    return Buffer.concat([before.subarray(0, at), added, before.subarray(at + removed)]);
  }, bytes);
}

describe('diagnostics, and nothing else, come of', () => {
  it(
    'any bytes at all',
    async () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        // Characters of JSON, so that some of it is nearly that.
        fc
          .array(fc.constantFrom(...'{}[]",:\\u0019eE+-.tfn \t\r\n\0', 'null', '{"messages":[', '\ud83d', 'é'), {
            maxLength: 80,
          })
          .map((parts) => encode(parts.join(''))),
      );
      const property = fc.asyncProperty(bytes, fc.integer({ min: 1, max: 64 }), async (given, size) => {
        await check(given, size);
      });
      await fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT,
  );

  it(
    'a real file with some bytes changed',
    async () => {
      const property = fc.asyncProperty(changes, async (edits) => {
        await check(change(real, edits));
      });
      await fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT,
  );

  it(
    'a real file that is cut anywhere',
    async () => {
      const property = fc.asyncProperty(fc.nat(real.length), async (length) => {
        await check(real.subarray(0, length));
      });
      await fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT,
  );

  it(
    'a packed file with some bytes changed, and one that is cut anywhere',
    async () => {
      const property = fc.asyncProperty(changes, fc.nat(packed.length), async (edits, length) => {
        await check(change(packed, edits));
        await check(packed.subarray(0, length));
      });
      await fc.assert(property, { numRuns: RUNS / 2 });
    },
    TIMEOUT,
  );

  it.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xe0, 0x80, 0x80]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a surrogate pair', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['what is beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
    ['a continuation alone', [0x80]],
    ['a lead alone', [0xf0]],
    ['a lead and two of three', [0xf0, 0x9f, 0x9a]],
    ['FE FF', [0xfe, 0xff]],
  ])('a text with ill-formed UTF-8: %s', async (_, sequence) => {
    const [before, after] = ['{"messages":[{"role":"user","content":"é🚲', '"},{"role":"assistant","content":"a"}]}\n'];
    const line = Buffer.concat([encode(before!), Uint8Array.from(sequence), encode(after!)]);
    for (const size of [1, 7, 1_000]) {
      const report = await check(line, size, { ignore: ['dataset/too-few-examples', 'messages/no-system'] });
      expect(rulesOf(report)).toEqual(['line/invalid-utf8']);
      expect(report.diagnostics[0]).toMatchObject({
        column: before!.length + 1,
        byteOffset: [encode(before!).length, expect.any(Number)],
      });
    }
  });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both', '{"messages":[', ']}'],
  ])('ten thousand levels of %s', async (_, open, close) => {
    const text = `{"messages":${open.repeat(10_000)}1${close.repeat(10_000)}}\n`;
    expect(rulesOf(await check(encode(text)))).toContain('json/too-deep');
    expect(rulesOf(await check(encode(open.repeat(10_000))))).not.toEqual([]);
  });

  it('keys that JavaScript has other uses for', async () => {
    const names = [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
      '__defineGetter__',
    ];
    for (const name of names) {
      const key = JSON.stringify(name);
      const texts = [
        `{${key}:{"messages":[],"isPolluted":true},"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}`,
        `{"messages":[{"role":"user","content":"a",${key}:{"isPolluted":true}},{"role":"assistant","content":"b"}]}`,
        `{"messages":[{"role":${key},"content":"a"},{"role":"assistant","content":"b","tool_calls":[{"id":${key},"type":"function","function":{"name":${key},"arguments":"{${JSON.stringify(key).slice(1, -1)}:{}}"}}]}],"tools":[{"type":"function","function":{"name":${key},"parameters":{"type":"object","properties":{${key}:{"type":${key}}},"required":[${key}]}}}]}`,
        `{"input":{"messages":[{"role":"user","content":"a"}],${key}:1},"preferred_output":[{"role":"assistant","content":"b"}],"non_preferred_output":[{"role":"assistant","content":"c"}],${key}:[]}`,
      ];
      for (const text of texts) {
        const report = await check(encode(`${text}\n`));
        expect(report.errors, text).toBeGreaterThan(0);
      }
    }
    expect(({} as { isPolluted?: boolean }).isPolluted).toBeUndefined();
  });
});

describe('memory does not grow with', () => {
  const MEGABYTE = 1_000_000;
  const size = (full: number, sample: number) => (isFull ? full : sample) * MEGABYTE;
  // Held at most: a line up to its cap, as bytes and as text, and what is parsed of it.
  const cap = isFull ? 64 * 1_048_576 : 1_048_576;
  const allowed = isFull ? 1_200 * MEGABYTE : 300 * MEGABYTE;

  const kinds: readonly (readonly [name: string, head: string, body: string, tail: string])[] = [
    ['opening brackets', '', '[', ''],
    ['opening braces', '', '{"a":', ''],
    ['a text', '{"messages":[{"role":"user","content":"', 'x', '"},{"role":"assistant","content":"y"}]}\n'],
    ['messages', '{"messages":[', '{"role":"user","content":"a"},', '{"role":"assistant","content":"y"}]}\n'],
    ['a line of no JSON', '', 'a, "b" ', ''],
    ['NUL', '', '\0', ''],
  ];

  it.each(kinds)(
    'a line that is too long, of %s',
    async (_, head, body, tail) => {
      const chunk = encode(body.repeat(Math.ceil(65_536 / body.length)));
      const total = size(body === '[' ? 1_000 : 100, 20);
      let peak = 0;
      async function* source() {
        yield encode(head);
        for (let sent = 0; sent < total; sent += chunk.length) {
          yield chunk;
          const { heapUsed, external } = memoryUsage();
          peak = Math.max(peak, heapUsed + external);
        }
        yield encode(tail);
      }
      const before = memoryUsage();
      const report = await validateStream(source(), { tokens: 'off', maxLineBytes: cap });
      expect(report.errors).toBeGreaterThan(0);
      expect(report.diagnostics.length).toBeLessThan(10);
      expect(peak - before.heapUsed - before.external).toBeLessThan(allowed);
    },
    600_000,
  );
});

/** What takes a look at all others for each of them takes minutes. */
it.each([
  ['messages/invalid-weight', '{"role":"assistant","content":"x","weight":0.5}'],
  ['messages/unknown-key', '{"role":"assistant","content":"x","wait":1}'],
  ['json/nul-character', '{"role":"assistant","content":"\\u0000"}'],
])('finds %s in as many messages as a line has', async (rule, message) => {
  const line = `{"messages":[{"role":"user","content":"x"},${Array(12_000).fill(message).join()}]}\n`;
  const { byRule } = await check(encode(line), 65_536, { maxDiagnostics: 0 });
  expect(byRule[rule as 'messages/invalid-weight']).toBe(12_000);
});
