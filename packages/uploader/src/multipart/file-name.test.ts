import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMultipart } from '../../../../test-fixtures/src/strict-multipart.js';
import { ConfigError } from '../errors.js';
import { buildEnvelope } from './envelope.js';
import { escapeName, fillFileName, safeFileName } from './file-name.js';

describe('G10, fault 63: a file name', () => {
  it.each([
    ['train.jsonl', 'train.jsonl'],
    ['/data/sets/train.jsonl', 'train.jsonl'],
    ['C:\\data\\train.jsonl', 'train.jsonl'],
    ['../../etc/passwd', 'passwd'],
    ['a\u0000b\u001b[31m.jsonl', 'a_b_[31m.jsonl'],
    ['данные 😀.jsonl', 'данные 😀.jsonl'],
    ['a\ud800b.jsonl', 'a\ufffdb.jsonl'],
    ['a\u2028b.jsonl', 'a\u2028b.jsonl'],
    [`${'x'.repeat(300)}.jsonl`, `${'x'.repeat(249)}.jsonl`],
    [`${'😀'.repeat(100)}.jsonl`, `${'😀'.repeat(62)}.jsonl`],
    [`.${'x'.repeat(300)}`, `.${'x'.repeat(254)}`],
  ])('%j is sent as %j', (given, sent) => {
    expect(safeFileName(given)).toBe(sent);
  });

  it.each(['', '.', '..', '/', 'a/', 'a\\', '   '])('%j is none', (name) => {
    expect(() => safeFileName(name)).toThrow(ConfigError);
  });

  it('is escaped as browsers do it', () => {
    expect(escapeName('a"b\r\nc%22d\\')).toBe('a%22b%0D%0Ac%22d\\');
  });

  it('of any kind stays in its line, in its quotes and in its length, and arrives', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const nasty = fc.string({
      unit: fc.constantFrom('"', '\\', '/', '\r', '\n', '\u0000', '\u2028', '😀', '\ud800', '%', 'a', '.'),
    });
    fc.assert(
      fc.property(fc.oneof(text, nasty), fc.uint8Array({ minLength: 1 }), (given, content) => {
        let name: string;
        try {
          name = safeFileName(given);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).not.toMatch(/[/\\]/);
        const envelope = buildEnvelope({
          boundary: 'b0undary',
          fields: [['purpose', 'fine-tune']],
          filename: name,
          fileContentType: 'application/jsonl',
        });
        const body = Buffer.concat([envelope.head, content, envelope.tail]);
        const parts = parseMultipart(body, envelope.contentType);
        expect(parts).toHaveLength(2);
        expect(parts[1]?.content.equals(content)).toBe(true);
        // What the name held of %22, %0D and %0A itself cannot be told from what was escaped: browsers have that too.
        expect(parts[1]?.filename).toBe(name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n'));
      }),
      { seed: 63, numRuns: 1000 },
    );
  });
});

describe('a template for a name that would be too long', () => {
  const long = { filename: `${'名'.repeat(83)}.jsonl`, sha256: '0123456789abcdef'.repeat(4) };

  it.each(['{stem}-{sha256:8}.jsonl', '{stem}{stem}-{sha256:8}.jsonl'])(
    '%s: the stem is cut, not the digest',
    (template) => {
      const name = fillFileName(template, long);
      expect(name).toMatch(/^名+-01234567\.jsonl$/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(Buffer.byteLength(name)).toBeGreaterThan(245);
      expect(safeFileName(name)).toBe(name);
    },
  );

  it('without a stem is left alone', () => {
    const template = `${'x'.repeat(250)}-{sha256}.jsonl`;
    expect(fillFileName(template, long)).toBe(`${'x'.repeat(250)}-${long.sha256}.jsonl`);
  });
});
