import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { OptionsError } from '../errors.js';
import { validateFile, validateStream } from '../validate.js';
import { validateFiles } from '../validate-files.js';
import { type ByteSource, iterate } from './byte-source.js';

const all = async (source: unknown) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of iterate(source as ByteSource)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
async function* chunks(...given: unknown[]) {
  yield* given;
}

describe('a source of bytes', () => {
  it('is a Node stream, a Web stream, or any async iterable', async () => {
    const path = fileURLToPath(import.meta.url);
    expect(await all(createReadStream(path))).toContain('is a Node stream');
    expect(await all(new Blob(['ab']).stream())).toBe('ab');
    expect(await all(chunks(Buffer.from('a'), new Uint8Array([98])))).toBe('ab');
  });

  it('may give bytes of another realm', async () => {
    expect(await all(chunks(runInNewContext('new Uint8Array([97])')))).toBe('a');
  });

  it.each([
    ['text', chunks('{}'), 'the source gives a string; it must give Uint8Array: leave the encoding of the stream out'],
    ['a buffer', chunks(new ArrayBuffer(2)), 'the source gives an object; it must give Uint8Array'],
    ['nothing', chunks(null), 'the source gives null; it must give Uint8Array'],
  ])('that gives %s is refused, not misread', async (_, source, message) => {
    await expect(all(source)).rejects.toThrow(new OptionsError('source', message));
  });

  it('that is a Node stream with an encoding is refused: its invalid bytes are lost', async () => {
    const source = createReadStream(fileURLToPath(import.meta.url), 'utf8');
    await expect(validateStream(source)).rejects.toThrow(/leave the encoding of the stream out/);
  });

  it.each(['train.jsonl', undefined, 5, [], {}])('is not %j', async (source) => {
    await expect(validateStream(source as unknown as ByteSource)).rejects.toThrow(OptionsError);
  });

  it('has a path that is a string', async () => {
    await expect(validateFile(new URL(import.meta.url) as unknown as string)).rejects.toThrow(/fileURLToPath/);
    await expect(validateFiles('train.jsonl' as unknown as string[])).rejects.toThrow(
      /the files are a list, not a str/,
    );
    await expect(validateFiles([5 as unknown as string])).rejects.toThrow(OptionsError);
  });
});
