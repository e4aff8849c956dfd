import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseContentDisposition } from './content-disposition.js';

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const parse = (text: string) => parseContentDisposition(latin1(text));

describe('a Content-Disposition', () => {
  it.each([
    ['form-data; name="purpose"', 'purpose', undefined],
    ['form-data; name="expires_after[anchor]"', 'expires_after[anchor]', undefined],
    ['form-data; name="file"; filename="a b.jsonl"', 'file', 'a b.jsonl'],
    ['Form-Data ;NAME=file ; FileName=a.jsonl ', 'file', 'a.jsonl'],
    ['form-data; name="file"; filename="%22%0d%0A%41"', 'file', '"\r\n%41'],
    ['form-data; name="file"; filename="\\"x\\""', 'file', '"x"'],
    ['form-data; name="file"; filename="é🙂\u2028"', 'file', 'é🙂\u2028'],
    ['form-data; name="file"; filename="\ufeffx"', 'file', '\ufeffx'],
    ['form-data; name="file"; filename*=utf-8\'en\'%e2%82%ac', 'file', '€'],
    ['form-data; name="file"; filename="a/b\\c"', 'file', 'c'],
    ['form-data; name=""', '', undefined],
  ])('%s is read', (header, name, filename) => {
    expect(parse(header)).toEqual({ name, filename });
  });

  it.each([
    'form-data',
    'form-data; filename="a"',
    'attachment; name="a"',
    'form-dataset; name="a"',
    'form-data; name="a',
    'form-data; name="a"; name="b"',
    'form-data; name="a" filename="b"',
    'form-data; name="a"; filename',
    'form-data; name="a"; filename=""',
    'form-data; name="a"; filename="dir/"',
    'form-data; name="a"; filename=".."',
    'form-data; name="a"; filename="tab\there"',
    'form-data; name="a"; filename="\u0085"',
    'form-data; name="a"; filename*=iso-8859-1\'\'x',
    'form-data; name="a"; filename*=UTF-8\'\'%ff',
    'form-data; name="a"; filename*=UTF-8\'\'%00',
    'form-data; name="a"; filename*=x',
  ])('%s is refused', (header) => {
    expect(() => parse(header)).toThrow(expect.objectContaining({ name: 'RejectedRequestError', status: 400 }));
  });

  it('whose bytes are not UTF-8 is refused', () => {
    expect(() => parseContentDisposition('form-data; name="\xff"')).toThrow('not UTF-8');
  });

  it('is read or refused, whatever it holds, and never yields a path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, isQuoted) => {
        const parameter = isQuoted ? `"${text}"` : text;
        let filename: string | undefined;
        try {
          filename = parse(`form-data; name="file"; filename=${parameter}`).filename;
        } catch (error) {
          expect(error).toMatchObject({ name: 'RejectedRequestError' });
        }
        if (filename !== undefined) expect(filename).not.toMatch(/[/\\]|^\.{0,2}$/);
      }),
      { seed: 20_260_101, numRuns: 2000 },
    );
  });

  it('with a hostile length is read in linear time', () => {
    const startedAt = performance.now();
    expect(() => parse(`form-data; name="${'\\'.repeat(80_001)}`)).toThrow();
    expect(() => parse(`form-data${'; a=b'.repeat(16_000)}`)).toThrow();
    expect(() => parse(`form-data; name=a${' '.repeat(80_000)}x`)).toThrow();
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
