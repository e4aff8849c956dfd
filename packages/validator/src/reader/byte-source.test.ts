import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OptionsError } from '../errors.js';
import { validateFile } from '../validate.js';
import { validateFiles } from '../validate-files.js';
import { type ByteSource, chunksOf } from './byte-source.js';

const line = new TextEncoder().encode('{}\n');

async function read(source: ByteSource, signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunksOf(source, signal)) bytes += chunk.length;
  return bytes;
}

describe('a source', () => {
  it.each([
    ['a Web stream', () => new Blob([line, line]).stream()],
    ['a Node stream', () => Readable.from([Buffer.from(line), Buffer.from(line)])],
    ['a generator, empty chunks among its own', () => generator([line, new Uint8Array(0), line])],
  ])('may be %s', async (_, make) => {
    expect(await read(make())).toBe(6);
  });

  it.each([
    ['text', '{}\n', 'the source gave text; it must give bytes, as Uint8Array: leave the encoding of the stream out'],
    ['an ArrayBuffer', line.buffer, 'the source gave ArrayBuffer; it must give bytes, as Uint8Array'],
    ['wider numbers', new Uint16Array(2), 'the source gave Uint16Array; it must give bytes, as Uint8Array'],
    ['nothing', null, 'the source gave null; it must give bytes, as Uint8Array'],
  ])('that gives %s is refused, not read as something else, and ended', async (_, chunk, message) => {
    let isEnded = false;
    async function* source() {
      try {
        yield chunk as unknown as Uint8Array;
      } finally {
        isEnded = true;
      }
    }
    await expect(read(source())).rejects.toThrow(new OptionsError('source', message));
    expect(isEnded).toBe(true);
  });

  it.each([[undefined], [[line]], [5]])('is not %s', async (source) => {
    await expect(read(source as unknown as ByteSource)).rejects.toThrow(OptionsError);
  });

  it('that never gives another chunk is left when the signal is aborted', async () => {
    const stop = new AbortController();
    let wasCancelled = false;
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(line),
      cancel: () => {
        wasCancelled = true;
      },
    });
    const reading = read(source, stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 10);
    await expect(reading).rejects.toThrow('enough');
    expect(wasCancelled).toBe(true);
  });

  it('that hangs in its own await is left, too', async () => {
    const stop = new AbortController();
    const reading = read(new PassThrough(), stop.signal);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });

  it('is told to end by a reader who stops early', async () => {
    let isEnded = false;
    async function* endless() {
      try {
        for (;;) yield line;
      } finally {
        isEnded = true;
      }
    }
    for await (const chunk of chunksOf(endless())) if (chunk.length > 0) break;
    expect(isEnded).toBe(true);
  });

  it('may fail with whatever it likes', async () => {
    const failing = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('boom')) });
    await expect(read(failing)).rejects.toThrow('boom');
  });
});

it('has a path that is a string', async () => {
  await expect(validateFile(new URL(import.meta.url) as unknown as string)).rejects.toThrow(/fileURLToPath/);
  await expect(validateFiles('train.jsonl' as unknown as string[])).rejects.toThrow(/the files are a list, not a str/);
  await expect(validateFiles([5 as unknown as string])).rejects.toThrow(OptionsError);
});

async function* generator(chunks: readonly Uint8Array[]) {
  yield* chunks;
}
