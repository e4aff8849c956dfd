import { OptionsError } from '../errors.js';

/** Bytes from anywhere: a Node stream, a Web stream, an async generator. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * The chunks of a source, until the signal is aborted: a source may never give the next one. Then, and when the reader
 * stops early, the source is told to end.
 *
 * @throws {OptionsError} When it is no source, or gives anything but bytes: what a text was encoded in nobody knows.
 * @throws Whatever the source throws, and the reason of the signal.
 */
export async function* chunksOf(source: ByteSource, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = iteratorOf(source);
  let mustEnd = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      // One that threw, or that has no more chunks, has ended.
      mustEnd = false;
      const next = await unlessAborted(iterator.next(), signal);
      if (next.done) return;
      mustEnd = true;
      if (!isBytes(next.value)) {
        const advice = typeof next.value === 'string' ? ': leave the encoding of the stream out' : '';
        throw new OptionsError(
          'source',
          `the source gave ${kindOf(next.value)}; it must give bytes, as Uint8Array${advice}`,
        );
      }
      yield next.value;
    }
  } finally {
    // Not waited for: a generator that hangs in an `await` of its own ends only with that.
    if (signal?.aborted) iterator.return?.().catch(() => {});
    else if (mustEnd) await iterator.return?.();
  }
}

/** Web streams are read with a reader: not every engine can iterate them, and an iterator ends only after its next chunk. */
function iteratorOf(source: ByteSource): AsyncIterator<Uint8Array> {
  if (!isObject(source) || !('getReader' in source)) {
    if (isObject(source) && Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    throw new OptionsError('source', 'the source is neither a stream nor an async iterable of bytes');
  }
  const reader = source.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Settles as `next` does, or with the signal's reason. */
function unlessAborted<Value>(next: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return next;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    // Asking for the next chunk may itself have been what led to the abort: no event will say so again.
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    next.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Not `instanceof`: bytes of another realm, as test runners have them, are bytes. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) && Reflect.get(value, Symbol.toStringTag) === 'Uint8Array';
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
