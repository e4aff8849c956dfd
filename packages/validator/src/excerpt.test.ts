import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyText, cutExcerpt } from './excerpt.js';

fc.configureGlobal({ seed: 20_261_122 });

/** A text of whole characters, and a span of it between two of them. */
const placed = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'é', '😀', '👩‍👩‍👧', '\t', '\0', '"', '𝒳'), {
      minLength: 1,
      maxLength: 400,
      size: 'max',
    }),
    fc.nat(400),
    fc.nat(400),
  )
  .map(([characters, a, b]) => {
    const points = [...characters.join('')];
    const [from, to] = [a % (points.length + 1), b % (points.length + 1)].sort((x, y) => x - y) as [number, number];
    const start = points.slice(0, from).join('').length;
    return { text: points.join(''), span: { start, end: start + points.slice(from, to).join('').length } };
  });

const isWhole = (text: string) => !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

describe('cutExcerpt', () => {
  it('cuts what stands around the span, no more than 60 code units on either side', () => {
    fc.assert(
      fc.property(placed, ({ text, span }) => {
        const excerpt = cutExcerpt(text, span);
        expect(excerpt.before.length).toBeLessThanOrEqual(60);
        expect(excerpt.after.length).toBeLessThanOrEqual(60);
        expect(excerpt.span.length).toBeLessThanOrEqual(120);
        if (span.end - span.start > 120) expect(excerpt.span.length).toBeLessThanOrEqual(111);
        expect(text.slice(0, span.start).endsWith(excerpt.before)).toBe(true);
        expect(text.slice(span.end).startsWith(excerpt.after)).toBe(true);
        expect(excerpt.isCutBefore).toBe(excerpt.before.length < span.start);
        expect(excerpt.isCutAfter).toBe(excerpt.after.length < text.length - span.end);
        expect(excerpt.lineLength).toBe(text.length);
        if (!excerpt.isCutBefore && !excerpt.isCutAfter && span.end - span.start <= 120) {
          expect(excerpt.before + excerpt.span + excerpt.after).toBe(text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never divides a surrogate pair', () => {
    fc.assert(
      fc.property(placed, ({ text, span }) => {
        const { before, span: inside, after } = cutExcerpt(text, span);
        for (const part of [before, inside, after]) expect(isWhole(part)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('takes as much as it may', () => {
    const text = 'b'.repeat(100) + 's'.repeat(120) + 'a'.repeat(100);
    expect(cutExcerpt(text, { start: 100, end: 220 })).toEqual({
      before: 'b'.repeat(60),
      span: 's'.repeat(120),
      after: 'a'.repeat(60),
      isCutBefore: true,
      isCutAfter: true,
      lineLength: 320,
    });
  });

  it('leaves the middle out of a long span', () => {
    const { span } = cutExcerpt(`${'a'.repeat(80)}${'b'.repeat(11)}${'c'.repeat(30)}`, { start: 0, end: 121 });
    expect(span).toBe(`${'a'.repeat(80)}…${'c'.repeat(30)}`);
  });

  it('says that nothing is cut from a short line', () => {
    expect(cutExcerpt('{"a":1}', { start: 5, end: 6 })).toEqual({
      before: '{"a":',
      span: '1',
      after: '}',
      isCutBefore: false,
      isCutAfter: false,
      lineLength: 7,
    });
  });

  it('takes an empty span, and an empty line', () => {
    expect(cutExcerpt('ab', { start: 2, end: 2 })).toMatchObject({ before: 'ab', span: '', after: '' });
    expect(cutExcerpt('', { start: 0, end: 0 })).toMatchObject({ before: '', span: '', after: '', lineLength: 0 });
  });
});

it('copies every text as it is', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { maxLength: 20 }), (codes) => {
      const text = String.fromCharCode(...codes);
      expect(copyText(text)).toBe(text);
    }),
  );
});
