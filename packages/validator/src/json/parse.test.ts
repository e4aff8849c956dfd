import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTooDeep, MAX_DEPTH } from './depth.js';
import { parseLine } from './parse.js';
import { parseJson } from './parse-json.js';

fc.configureGlobal({ seed: 20_261_122 });

const scraps = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  ' ',
  '\t',
  '1',
  '-',
  'e',
  'null',
  'a',
  '😀',
  '\ud83d',
  '\0',
];
const mutated = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom('', ...scraps)), { maxLength: 2 }),
  )
  .map(([json, changes]) =>
    changes.reduce((text, [place, removed, scrap]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + scrap + text.slice(at + removed);
    }, json),
  );
const anyText = fc.oneof(
  mutated,
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...scraps), { maxLength: 10 }).map((parts) => parts.join('')),
);

const nested = (open: string, close: string, depth: number, inside: string) =>
  `${open.repeat(depth)}${inside}${close.repeat(depth)}`;

describe('parseLine', () => {
  it('takes exactly the objects that JSON.parse takes, and never throws', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let expected: unknown;
        try {
          expected = parseJson(text);
        } catch {
          expected = undefined;
        }
        const isObject = typeof expected === 'object' && expected !== null && !Array.isArray(expected);
        const { value, fault } = parseLine(text);
        if (isObject) expect(value).toEqual(expected);
        else expect(value).toBeUndefined();
        expect(fault === undefined).toBe(isObject);
        if (fault === undefined) return;
        const rule = expected === undefined ? /^json\/(syntax|non-finite-number)$/ : /^json\/not-an-object$/;
        expect(fault.finding.rule).toMatch(rule);
        const { start, end } = fault.span;
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['null', 'null'],
    [' true ', 'true'],
    ['\t"text"', 'a string'],
    ['-1.5', 'the number -1.5'],
    ['[{"messages":[]}] ', 'an array'],
  ])('says that %s is no object, and points at all of it', (text, found) => {
    const { fault } = parseLine(text);
    expect(fault?.finding).toEqual({ rule: 'json/not-an-object', params: { found } });
    expect(text.slice(fault?.span.start, fault?.span.end)).toBe(text.trim());
  });

  it('keeps a key called __proto__ a key', () => {
    const { value } = parseLine('{"__proto__":{"a":1}}');
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each([
    ['arrays in an object', `{"a":${nested('[', ']', MAX_DEPTH - 1, '')}}`, `{"a":${nested('[', ']', MAX_DEPTH, '')}}`],
    ['objects', nested('{"a":', '}', MAX_DEPTH, '1'), nested('{"a":', '}', MAX_DEPTH + 1, '1')],
  ])('takes %s nested 500 deep, and no deeper', (_, deep, tooDeep) => {
    expect(parseLine(deep).fault).toBeUndefined();
    const { fault } = parseLine(tooDeep);
    expect(fault?.finding).toEqual({ rule: 'json/too-deep', params: { limit: MAX_DEPTH } });
    const opened = tooDeep.slice(0, fault?.span.start).match(/[[{]/g);
    expect(opened).toHaveLength(MAX_DEPTH);
    expect(tooDeep.slice(fault?.span.start, fault?.span.end)).toMatch(/^[[{]$/);
  });

  it('does not count brackets in strings', () => {
    expect(parseLine(`{"a":"${'[{'.repeat(2_000)}"}`).fault).toBeUndefined();
    expect(parseLine(`{"a":"\\"${'['.repeat(2_000)}\\\\"}`).fault).toBeUndefined();
  });

  it('does not add up brackets side by side', () => {
    expect(parseLine(`{"a":[${'[],{},'.repeat(2_000)}0]}`).fault).toBeUndefined();
  });

  it('refuses 20 MB of brackets at once', () => {
    expect(parseLine('['.repeat(20_000_000)).fault?.finding.rule).toBe('json/too-deep');
  });
});

describe('findTooDeep', () => {
  it('agrees with a count of the brackets that JSON.parse opened', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: MAX_DEPTH - 2, maxLength: MAX_DEPTH + 2 }),
        fc.json({ maxDepth: 0 }),
        (shape, leaf) => {
          let text = leaf;
          for (const kind of shape)
            text = kind === 'a' ? `[${text}]` : kind === 'b' ? `{"[":${text}}` : `["]",${text}]`;
          let depth = 0;
          for (let value: unknown = JSON.parse(text); typeof value === 'object' && value !== null; depth += 1) {
            value = Object.values(value).at(-1);
          }
          expect(findTooDeep(text) === -1).toBe(depth <= MAX_DEPTH);
        },
      ),
      { numRuns: 100 },
    );
  });
});
