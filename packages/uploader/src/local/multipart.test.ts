import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readForm } from './multipart.js';

const BOUNDARY = 'b0undary';
const SEED = { seed: 20_260_101 };

function formOf(contents: readonly Uint8Array[]): Buffer {
  const parts = contents.flatMap((content, index) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="p${index}"; filename="f"\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--`)]);
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

/** Reads the form through slow readers with small buffers, so that backpressure is felt. */
async function read(chunks: readonly Buffer[], maxBytes = Number.MAX_SAFE_INTEGER): Promise<Buffer[]> {
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const request = Object.assign(Readable.from(chunks, { objectMode: false, highWaterMark: 16 }), { headers });
  const contents: Promise<Buffer>[] = [];
  await readForm({ request, acceptBody: () => {} }, maxBytes, async (_, part) => {
    const content = buffer(part);
    contents.push(content);
    await content;
  });
  return Promise.all(contents);
}

// Contents made of pieces of the boundary: what a parser is most likely to get wrong.
const contentArbitrary = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\r', '\n', '\r\n', '-', '--', `--${BOUNDARY}`, '\r\n--b0und', '\r\n\r\n')
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat(pieces))
  .filter((content) => !Buffer.concat([Buffer.from('\r\n'), content]).includes(`\r\n--${BOUNDARY}`));
const contentsArbitrary = fc.array(contentArbitrary, { minLength: 1, maxLength: 4 });
const placesArbitrary = fc.array(fc.nat({ max: 2000 }), { maxLength: 12 });

describe('a form', () => {
  it('arrives byte for byte, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(contentsArbitrary, placesArbitrary, async (contents, places) => {
        expect(await read(cut(formOf(contents), places))).toEqual(contents);
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  it('is refused at every length short of its closing boundary', async () => {
    const form = formOf([Buffer.from('one'), Buffer.alloc(0), Buffer.from('\r\n--b0undar')]);
    expect(await read([form])).toHaveLength(3);
    for (let length = 0; length < form.length; length += 1) {
      await expect(read([form.subarray(0, length)]), `${length} bytes`).rejects.toMatchObject({ status: 400 });
    }
  });

  it('is read or refused, but never hangs, when bytes of it are damaged', async () => {
    await fc.assert(
      fc.asyncProperty(
        contentsArbitrary,
        placesArbitrary,
        fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.constantFrom(0, 10, 13, 34, 45, 58, 255)), {
          minLength: 1,
          maxLength: 5,
        }),
        async (contents, places, damages) => {
          const form = formOf(contents);
          for (const [place, byte] of damages) form[place % form.length] = byte;
          await read(cut(form, places)).catch((error: unknown) => expect(error).toMatchObject({ status: 400 }));
        },
      ),
      { ...SEED, numRuns: 1000 },
    );
  });

  it('is refused one byte over the limit, and taken at the limit', async () => {
    const form = formOf([Buffer.from('content')]);
    expect(await read([form], form.length)).toHaveLength(1);
    await expect(read([form], form.length - 1)).rejects.toMatchObject({ status: 413 });
  });

  it('is given up when its source fails', async () => {
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    const form = formOf([Buffer.from('content')]);
    const source = (async function* () {
      yield form;
      throw new Error('reset');
    })();
    const request = Object.assign(Readable.from(source, { objectMode: false }), { headers });
    let isPartOver = false;
    const reading = readForm({ request, acceptBody: () => {} }, 1000, async (_, part) => {
      await buffer(part);
      isPartOver = true;
    });
    await expect(reading).rejects.toMatchObject({ name: 'InterruptedRequestError' });
    expect(isPartOver).toBe(true);
  });
});
