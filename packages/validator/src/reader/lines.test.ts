import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader, type LineSink } from './lines.js';

fc.configureGlobal({ seed: 20_261_122 });

/** A line as the reader handed it on; `oversized` when it came in pieces. */
interface Seen {
  readonly start: number;
  readonly bytes: readonly number[];
  readonly oversized: boolean;
}

/** Runs the reader over chunks that are overwritten as soon as they were taken, as a reused buffer is. */
function read(chunks: readonly Uint8Array[], cap: number): Seen[] {
  const seen: Seen[] = [];
  let open: { start: number; bytes: number[] } | undefined;
  const sink: LineSink = {
    line(bytes, start) {
      expect(open).toBeUndefined();
      seen.push({ start, bytes: [...bytes], oversized: false });
    },
    oversizedStart(start) {
      expect(open).toBeUndefined();
      open = { start, bytes: [] };
    },
    oversizedPiece(bytes) {
      expect(bytes.length).toBeGreaterThan(0);
      open!.bytes.push(...bytes);
    },
    oversizedEnd(length) {
      expect(open!.bytes.length).toBe(length);
      seen.push({ ...open!, oversized: true });
      open = undefined;
    },
  };
  const reader = createLineReader(sink, cap);
  for (const chunk of chunks) {
    reader.push(chunk);
    chunk.fill(0x3f);
  }
  reader.end();
  expect(open).toBeUndefined();
  return seen;
}

/** The lines by their definition. */
function split(bytes: Uint8Array, cap: number): Seen[] {
  const lines: Seen[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length ? bytes[at] !== 0x0a : start === at) continue;
    const line = [...bytes.subarray(start, at)];
    lines.push({ start, bytes: line, oversized: line.length > cap });
    start = at + 1;
  }
  return lines;
}

const bytes = fc
  .array(fc.oneof({ arbitrary: fc.constant(0x0a), weight: 1 }, { arbitrary: fc.nat(255), weight: 4 }), {
    maxLength: 60,
  })
  .map((list) => Uint8Array.from(list));
const cuts = fc.array(fc.nat(60), { maxLength: 10 });

/** Cuts bytes at some offsets; equal ones make empty chunks. */
function cut(whole: Uint8Array, places: readonly number[], copy: (part: Uint8Array) => Uint8Array): Uint8Array[] {
  const edges = [0, ...places.map((place) => Math.min(place, whole.length)), whole.length].sort((a, b) => a - b);
  return edges.slice(1).map((edge, index) => copy(whole.subarray(edges[index], edge)));
}

describe('createLineReader', () => {
  it('cuts the same lines out of the same bytes, whatever the chunks', () => {
    fc.assert(
      fc.property(bytes, cuts, fc.nat(12), (whole, places, cap) => {
        const expected = split(whole, cap);
        expect(read([whole.slice()], cap)).toEqual(expected);
        expect(read(cut(whole, places, Uint8Array.from.bind(Uint8Array)), cap)).toEqual(expected);
        // A Node Buffer differs from an Uint8Array in what its `slice` does.
        expect(read(cut(whole, places, Buffer.from), cap)).toEqual(expected);
        expect(
          read(
            [...whole].map((byte) => Uint8Array.of(byte)),
            cap,
          ),
        ).toEqual(expected);
      }),
      { numRuns: 800 },
    );
  });

  const text = (...chunks: string[]) =>
    read(
      chunks.map((chunk) => Buffer.from(chunk)),
      100,
    ).map((line) => [line.start, Buffer.from(line.bytes).toString()]);

  it('hands on the last line when it has no line feed, and no line behind one', () => {
    expect(text('a\nb')).toEqual([
      [0, 'a'],
      [2, 'b'],
    ]);
    expect(text('a\n')).toEqual([[0, 'a']]);
    expect(text('')).toEqual([]);
    expect(text()).toEqual([]);
  });

  it('hands on empty lines', () => {
    expect(text('\n\na\n\n')).toEqual([
      [0, ''],
      [1, ''],
      [2, 'a'],
      [4, ''],
    ]);
  });

  it('keeps carriage returns and other separators in the line', () => {
    expect(text('a\r\nb\rc\u2028d\u0085e\vf\fg\r', '\nh')).toEqual([
      [0, 'a\r'],
      [3, 'b\rc\u2028d\u0085e\vf\fg\r'],
      [19, 'h'],
    ]);
  });

  it('joins a line that comes in many chunks', () => {
    expect(text('{"a"', ':', '', '1', '}\n{"b', '":2}\n')).toEqual([
      [0, '{"a":1}'],
      [8, '{"b":2}'],
    ]);
  });

  describe.each([
    ['in one chunk', (line: string) => [`x\n${line}\ny`]],
    ['in two chunks', (line: string) => [`x\n${line.slice(0, 3)}`, `${line.slice(3)}\ny`]],
    ['with the line feed in a chunk of its own', (line: string) => ['x\n', line, '\n', 'y']],
    ['at the end of the file', (line: string) => ['x\n', line]],
    ['byte by byte', (line: string) => `x\n${line}\ny`.split('')],
  ])('with a cap of 5 bytes, %s', (_, chunksOf) => {
    it.each([
      ['takes a line of 4', 'abcd', false],
      ['takes a line of exactly 5', 'abcde', false],
      ['reads over a line of 6', 'abcdef', true],
      ['reads over a line of 60', 'abcdef'.repeat(10), true],
    ])('%s', (_, line, oversized) => {
      const seen = read(
        chunksOf(line).map((chunk) => Buffer.from(chunk)),
        5,
      );
      expect(seen[1]).toEqual({ start: 2, bytes: [...Buffer.from(line)], oversized });
      expect(seen.filter((other) => other.oversized)).toHaveLength(oversized ? 1 : 0);
    });
  });

  it('holds no line that is longer than the cap', () => {
    let largest = 0;
    let total = 0;
    const reader = createLineReader(
      {
        line: () => expect.unreachable(),
        oversizedStart: () => {},
        oversizedPiece(piece) {
          largest = Math.max(largest, piece.length);
        },
        oversizedEnd(length) {
          total = length;
        },
      },
      10_000,
    );
    const chunk = new Uint8Array(1_000).fill(0x61);
    for (let index = 0; index < 20_000; index += 1) reader.push(chunk);
    reader.end();
    expect(largest).toBe(1_000);
    expect(total).toBe(20_000_000);
  });

  it('hands on a line within a chunk without a copy', () => {
    const chunk = Buffer.from('ab\ncd\n');
    const buffers: ArrayBufferLike[] = [];
    const reader = createLineReader(
      {
        line: (bytes) => buffers.push(bytes.buffer),
        oversizedStart: () => {},
        oversizedPiece: () => {},
        oversizedEnd: () => {},
      },
      100,
    );
    reader.push(chunk);
    expect(buffers).toEqual([chunk.buffer, chunk.buffer]);
  });
});
