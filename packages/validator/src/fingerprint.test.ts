import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprintOrdinals, findingFingerprint } from './fingerprint.js';
import { validateStream } from './validate.js';

fc.configureGlobal({ seed: 20_261_122 });

/** The fingerprints of the findings of one dataset. */
function createFingerprints() {
  const ordinals = createFingerprintOrdinals();
  return {
    next: (rule: string, pointer: string, content: string) => ordinals.next(findingFingerprint(rule, pointer, content)),
  };
}

describe('the fingerprint of a finding', () => {
  it('gives the same 16 hexadecimal digits to the same finding', () => {
    const first = createFingerprints().next('json/syntax', '/a', '{"a":}');
    expect(first).toMatch(/^[\da-f]{16}$/);
    expect(createFingerprints().next('json/syntax', '/a', '{"a":}')).toBe(first);
  });

  it('gives different ones to different rules, pointers and contents', () => {
    const parts = fc.array(fc.tuple(fc.string(), fc.string(), fc.string({ unit: 'grapheme' })), {
      maxLength: 50,
      size: 'max',
    });
    fc.assert(
      fc.property(parts, (findings) => {
        const distinct = [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
        // Rules and pointers hold no line feed, which keeps the parts apart.
        const clean = distinct.filter(([rule, pointer]) => !`${rule}${pointer}`.includes('\n'));
        const fingerprints = createFingerprints();
        expect(new Set(clean.map((finding) => fingerprints.next(...finding))).size).toBe(clean.length);
      }),
    );
  });

  it('gives different ones to equal findings, the same ones in every run', () => {
    const run = () => {
      const fingerprints = createFingerprints();
      return Array.from({ length: 1_000 }, () => fingerprints.next('line/blank', '', ''));
    };
    expect(new Set(run()).size).toBe(1_000);
    expect(run()).toEqual(run());
  });

  it('seldom gives the same one to different findings', () => {
    const fingerprints = createFingerprints();
    const seen = new Set<string>();
    for (let index = 0; index < 200_000; index += 1) seen.add(fingerprints.next('json/syntax', '', `{"n":${index}`));
    expect(seen.size).toBe(200_000);
  });
});

describe('the fingerprints of a dataset', () => {
  const valid = '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}';
  const faulty = [
    '{"messages":[{"role":"usr","content":"q"},{"role":"assistant","content":"a"}]}',
    '{"messages":[{"role":"user"}]}',
    '{"a":}',
    '[]',
    '{"messages":[{"role":"user","content":"caf\xe9 "}]}',
    `{"messages":"${'x'.repeat(500)}"}`,
  ];
  const check = async (lines: readonly string[]) => {
    const report = await validateStream(Readable.from([Buffer.from(lines.join('\n'), 'latin1')]), {
      tokens: 'off',
      maxLineBytes: 400,
      ignore: ['file/*', 'dataset/*', 'messages/no-system'],
    });
    return report.diagnostics;
  };
  const inLines = async (lines: readonly string[]) => (await check(lines)).filter(({ line }) => line !== undefined);

  it('stay the same when other lines come and go', async () => {
    const before = await inLines(faulty);
    expect(new Set(before.map(({ rule }) => rule)).size).toBeGreaterThan(4);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }), async (counts) => {
        const more = faulty.flatMap((line, index) => [...Array<string>(counts[index]!).fill(valid), line]);
        const after = await inLines(more);
        expect(after.map(({ rule, fingerprint }) => [rule, fingerprint])).toEqual(
          before.map(({ rule, fingerprint }) => [rule, fingerprint]),
        );
      }),
      { numRuns: 30 },
    );
    for (const [index, line] of faulty.entries()) {
      const without = await inLines(faulty.filter((_, other) => other !== index));
      const kept = before.filter(({ line: number }) => number !== index + 1);
      expect([line, without.map(({ fingerprint }) => fingerprint)]).toEqual([
        line,
        kept.map(({ fingerprint }) => fingerprint),
      ]);
    }
  });

  it('are all different, those of equal lines and of equal faults in one line too', async () => {
    const twice = await check([...faulty, ...faulty, '{"a":1,"b":2}', '{"a":1,"b":2}', '', '', valid]);
    expect(new Set(twice.map(({ fingerprint }) => fingerprint)).size).toBe(twice.length);
    expect(twice.length).toBeGreaterThan(14);
  });
});
