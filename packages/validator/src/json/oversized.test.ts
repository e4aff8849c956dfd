import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOversizedScan, type OversizedSummary } from './oversized.js';
import { type JsonPath, toPointer } from './path.js';

fc.configureGlobal({ seed: 20_261_122 });

function scan(pieces: readonly string[]): OversizedSummary {
  const running = createOversizedScan();
  for (const piece of pieces) running.push(piece);
  return running.end();
}

/** Cuts a text at some of its offsets: between the halves of a surrogate pair, in the middle of an escape, anywhere. */
function cut(text: string, places: readonly number[]): string[] {
  const edges = [...new Set([0, ...places.map((place) => place % (text.length + 1)), text.length])].sort(
    (a, b) => a - b,
  );
  return edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
}

/** The longest string of a value, the first of equally long ones, in the order of the text. */
function longest(value: unknown, path: JsonPath = []): { path: JsonPath; characters: number } | undefined {
  if (typeof value === 'string') return value === '' ? undefined : { path, characters: value.length };
  if (typeof value !== 'object' || value === null) return undefined;
  const steps: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  let best: { path: JsonPath; characters: number } | undefined;
  for (const [step, child] of steps) {
    const found = longest(child, [...path, step]);
    if (found !== undefined && found.characters > (best?.characters ?? 0)) best = found;
  }
  return best;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const shortKeys = fc.object({
  key: fc.string({ unit: 'grapheme', maxLength: 10 }).filter((key) => !/^\d/.test(key)),
  values: [fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer(), fc.boolean(), fc.constant(null)],
  maxDepth: 4,
});
const scraps = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  ' ',
  '1',
  '-',
  '.',
  'e',
  'tru',
  'null',
  '{}',
  '😀',
  '\0',
);
const damaged = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(2), scraps).map(([json, place, removed, scrap]) => {
  const at = place % (json.length + 1);
  return json.slice(0, at) + scrap + json.slice(at + removed);
});

describe('createOversizedScan', () => {
  it('finds the longest string and its pointer, however the text is cut', () => {
    fc.assert(
      fc.property(
        shortKeys,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.constantFrom(undefined, 1),
        (value, cuts, indent) => {
          const text = JSON.stringify(value, null, indent);
          const found = longest(JSON.parse(text));
          expect(scan(cut(text, cuts))).toEqual({
            isJson: true,
            ...(found === undefined
              ? {}
              : { largest: { pointer: toPointer(found.path), characters: found.characters } }),
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes for JSON what JSON.parse takes, however the text is cut', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.json()), fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        expect(scan(cut(text, cuts)).isJson).toBe(isJson(text));
      }),
      { numRuns: 1_500 },
    );
  });

  it('says the same for one piece as for single code units', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.json()), (text) => {
        expect(scan(text.split(''))).toEqual(scan([text]));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \t '],
    ['two values', '{"a":1}{"b":2}'],
    ['two values on two lines', '{"a":1}\n{"b":2}'],
    ['a value that is not closed', '{"a":"b'],
    ['no-break space', '{"a":\u00a01}'],
    ['a cut literal', 'tru'],
    ['NaN', '[NaN]'],
  ])('takes %s for no JSON', (_, text) => {
    expect(scan([text])).toEqual({ isJson: false });
    expect(scan(text.split(''))).toEqual({ isJson: false });
  });

  it('counts escapes as the characters that they mean', () => {
    expect(scan(['{"a":"\\n\\u0041\\ud83d\\ude00","b":"xy"}'])).toEqual({
      isJson: true,
      largest: { pointer: '/a', characters: 4 },
    });
  });

  it('adds up a string that comes in many pieces', () => {
    const pieces = ['{"messages":[{"role":"user","content":"', ...Array<string>(500).fill('x'.repeat(1_000)), '"}]}'];
    expect(scan(pieces)).toEqual({ isJson: true, largest: { pointer: '/messages/0/content', characters: 500_000 } });
  });

  it('cuts long keys in the pointer, never through a surrogate pair', () => {
    const pointerOf = (key: string) => scan([JSON.stringify({ [key]: 'text' })]).largest?.pointer;
    expect(pointerOf('k'.repeat(100))).toBe(`/${'k'.repeat(64)}`);
    expect(pointerOf(`${'k'.repeat(63)}😀`)).toBe(`/${'k'.repeat(63)}`);
  });

  it('does not follow brackets down for ever', () => {
    expect(scan(Array<string>(100).fill('['.repeat(100_000))).isJson).toBe(false);
  });
});
