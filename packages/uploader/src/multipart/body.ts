import { createHash } from 'node:crypto';
import { FileChangedError } from '../file-errors.js';
import type { BodyProgress, RequestBody } from '../http/exchange.js';
import { READ_SIZE, type Snapshot } from '../source/snapshot.js';
import type { Envelope } from './envelope.js';

/** A stretch of a file, and what its bytes must be. */
export interface ByteRange {
  /** In bytes, from the start of the file. */
  readonly offset: number;
  /** In bytes, at least 1. */
  readonly length: number;
  /** Lower-case hexadecimal, of these bytes alone. */
  readonly sha256: string;
}

/**
 * A request body that reaches the server complete only if it is the snapshot, byte for byte, or the given range of it.
 *
 * The bytes are hashed as they are read. The last chunk and the closing boundary are held back until the file has the
 * right size and the hash agrees; otherwise the generator throws, the connection is destroyed, and the server is left
 * with a request that it cannot take for a whole one. Exactly the announced number of bytes is read, because a body longer
 * than its Content-Length would be cut by the client and accepted by the server.
 */
export function multipartBody(snapshot: Snapshot, envelope: Envelope, range?: ByteRange): RequestBody {
  const progress: BodyProgress = { bytesSent: 0, handedOver: false };
  const bytes = range ?? { offset: 0, length: snapshot.size, sha256: snapshot.sha256 };
  return {
    contentLength: envelope.head.length + bytes.length + envelope.tail.length,
    progress,
    chunks: (onStep, isFlushed) => chunksOf(snapshot, envelope, bytes, progress, onStep, isFlushed ?? (() => false)),
  };
}

async function* chunksOf(
  snapshot: Snapshot,
  envelope: Envelope,
  { offset, length, sha256: expected }: ByteRange,
  progress: BodyProgress,
  onStep: () => void,
  isFlushed: () => boolean,
): AsyncGenerator<Uint8Array, void, void> {
  if (envelope.head.length > 0) yield envelope.head;
  onStep();
  const hash = createHash('sha256');
  // A socket keeps a buffer until it is flushed, and only then may the buffer be filled again. Two or three then serve a
  // whole file; new ones for every chunk would cost half of the time and pile up until they are collected.
  const spare: Uint8Array[] = [];
  const readAt = (position: number): Promise<Uint8Array> => {
    const size = Math.min(READ_SIZE, length - position);
    const buffer = spare.pop()?.subarray(0, size) ?? Buffer.allocUnsafe(size);
    const reading = readChunk(snapshot, buffer, offset + position);
    // Nobody waits for it when the body is given up meanwhile.
    reading.catch(() => {});
    return reading;
  };
  let held: Uint8Array | undefined;
  let next: Promise<Uint8Array> | undefined = readAt(0);
  for (let position = 0; next !== undefined; ) {
    const chunk: Uint8Array = await next;
    position += chunk.length;
    // The disk works while this chunk is hashed and the one before is sent.
    next = position < length ? readAt(position) : undefined;
    hash.update(chunk);
    if (held !== undefined) {
      yield held;
      if (isFlushed()) spare.push(held);
      progress.bytesSent += held.length;
      onStep();
    }
    held = chunk;
  }
  const size = await snapshot.currentSize();
  if (size !== snapshot.size) throw changed(snapshot, size > snapshot.size ? 'grew' : 'was cut', size, null);
  const sha256 = hash.digest('hex');
  if (sha256 !== expected) {
    // Of a range, the digest of the whole is not known; that the whole is another is.
    const isWhole = length === snapshot.size;
    throw changed(snapshot, 'does not hold the bytes that were checked', size, isWhole ? sha256 : null);
  }
  if (held !== undefined) {
    // Without a tail it is the last chunk that makes the request complete.
    if (envelope.tail.length === 0) progress.handedOver = true;
    yield held;
    progress.bytesSent += held.length;
  }
  // Before the tail is given away, not after: from the moment the server can have it, every failure leaves a doubt.
  progress.handedOver = true;
  onStep();
  if (envelope.tail.length > 0) yield envelope.tail;
}

async function readChunk(snapshot: Snapshot, chunk: Uint8Array, position: number): Promise<Uint8Array> {
  const count = await snapshot.read(chunk, position);
  if (count < chunk.length) throw changed(snapshot, 'was cut', position + count, null);
  return chunk;
}

function changed(snapshot: Snapshot, how: string, size: number, sha256: string | null): FileChangedError {
  const { path, filename } = snapshot;
  const whole = /^was|^grew/.test(how) ? `${how} while it was sent` : how;
  return new FileChangedError(`${path ?? filename} ${whole}: nothing was uploaded`, path, {
    expected: { size: snapshot.size, sha256: snapshot.sha256 },
    actual: { size, sha256 },
  });
}
