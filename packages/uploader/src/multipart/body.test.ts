import { describe, expect, it } from 'vitest';
import { snapshotOfBytes } from '../source/snapshot.js';
import { multipartBody } from './body.js';
import { buildEnvelope } from './envelope.js';

const ENVELOPE = buildEnvelope({
  boundary: 'b',
  fields: [['purpose', 'batch']],
  filename: 'a.jsonl',
  fileContentType: 'application/jsonl',
});
const CHUNK = 256 * 1024;

/** Pulls a body as a connection does, and notes what was known at each chunk. */
async function pull(content: Uint8Array) {
  const body = multipartBody(snapshotOfBytes(content, 'a.jsonl'), ENVELOPE);
  const chunks: Uint8Array[] = [];
  const handedOver: boolean[] = [];
  let steps = 0;
  for await (const chunk of body.chunks(() => steps++)) {
    chunks.push(chunk);
    handedOver.push(body.progress.handedOver);
  }
  return { body, chunks, handedOver, steps };
}

describe('the body of an upload', () => {
  it.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])('of %d bytes is as long as it says', async (size) => {
    const content = Buffer.alloc(size, 'abc');
    const { body, chunks } = await pull(content);
    const whole = Buffer.concat(chunks);
    expect(whole.length).toBe(body.contentLength);
    expect(whole.subarray(ENVELOPE.head.length, -ENVELOPE.tail.length).equals(content)).toBe(true);
    expect(body.progress.bytesSent).toBe(size);
  });

  it('counts as handed over from the moment its end is given away, and not before', async () => {
    const { handedOver } = await pull(Buffer.alloc(2 * CHUNK, 'abc'));
    expect(handedOver).toEqual([false, false, false, true]);
  });

  it('gives a buffer of its own with every chunk while those before may still be needed', async () => {
    const content = Buffer.from(Array.from({ length: 5 * CHUNK }, (_, at) => (at >> 12) & 0xff));
    const { chunks } = await pull(content);
    expect(new Set(chunks.slice(1, -1).map(({ buffer }) => buffer)).size).toBe(5);
    expect(Buffer.concat(chunks.slice(1, -1)).equals(content)).toBe(true);
  });

  it('fills a few buffers again and again when they are flushed, and each with the right bytes', async () => {
    const content = Buffer.from(Array.from({ length: 9 * CHUNK + 5 }, (_, at) => (at >> 12) & 0xff));
    const body = multipartBody(snapshotOfBytes(content, 'a.jsonl'), ENVELOPE);
    const buffers = new Set<unknown>();
    const copies: Buffer[] = [];
    for await (const chunk of body.chunks(
      () => {},
      () => true,
    )) {
      buffers.add(chunk.buffer);
      // What the network does: it takes a copy, before the next chunk is asked for.
      copies.push(Buffer.from(chunk));
    }
    expect(Buffer.concat(copies.slice(1, -1)).equals(content)).toBe(true);
    // Three for the file, and what surrounds it.
    expect(buffers.size).toBeLessThanOrEqual(5);
  });

  it('gives away neither its last chunk nor its end when the bytes are others', async () => {
    const content = Buffer.alloc(3 * CHUNK, 'abc');
    const snapshot = snapshotOfBytes(content, 'a.jsonl');
    content[content.length - 1] = 0;
    const body = multipartBody(snapshot, ENVELOPE);
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of body.chunks(() => {})) bytes += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'E_FILE_CHANGED' });
    expect(bytes).toBe(ENVELOPE.head.length + 2 * CHUNK);
    expect(body.progress.handedOver).toBe(false);
  });
});
