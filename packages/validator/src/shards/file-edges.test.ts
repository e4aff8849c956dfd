import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEdgeFinder, type FileEdges } from './file-edges.js';

function edgesOf(text: string, cut: number): FileEdges {
  const bytes = Buffer.from(text);
  const finder = createEdgeFinder();
  for (let from = 0; from < bytes.length; from += cut) finder.push(bytes.subarray(from, from + cut));
  return finder.end();
}

/** The same by lines. */
function expected(text: string): FileEdges {
  const startsWithMark = text.startsWith('\ufeff');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const isBlank = (line: string, index: number) => /^[ \t\r]*$/.test(index === 0 ? line.replace(/^\ufeff/, '') : line);
  const first = lines.findIndex((line, index) => !isBlank(line, index));
  if (first === -1) return { startsWithMark, leading: lines.length, trailing: lines.length };
  const last = lines.findLastIndex((line, index) => !isBlank(line, index));
  return { startsWithMark, leading: first, trailing: lines.length - 1 - last };
}

it('counts the blank lines at both ends as whoever splits the text does, however it is cut', () => {
  const pieces = fc.array(fc.constantFrom('\n', '\n', ' ', '\t', '\r\n', 'x', '{}', '\ufeff', 'é'), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, fc.boolean(), fc.integer({ min: 1, max: 8 }), (parts, hasMark, cut) => {
      const text = (hasMark ? '\ufeff' : '') + parts.join('');
      expect(edgesOf(text, cut)).toEqual(expected(text));
    }),
    { seed: 20_261_125, numRuns: 2_000 },
  );
});
