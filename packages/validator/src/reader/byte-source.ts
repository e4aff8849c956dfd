import { OptionsError } from '../errors.js';
import { describeType } from '../rules/quote.js';

/** Bytes from anywhere: a Node stream, a Web stream, an async generator. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/**
 * Its bytes, piece by piece: Web streams of older engines cannot be iterated.
 *
 * @throws {OptionsError} When it gives no bytes, as a Node stream with an encoding, which a type checker lets through.
 */
export async function* iterate(source: ByteSource): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunksOf(source)) {
    // Not `instanceof`: under a test runner the Buffers of Node are of another realm.
    if (!ArrayBuffer.isView(chunk)) throw noBytes(chunk);
    yield chunk as Uint8Array;
  }
}

async function* chunksOf(source: ByteSource): AsyncGenerator<unknown> {
  const given: unknown = source;
  const isObject = typeof given === 'object' && given !== null;
  if (isObject && Symbol.asyncIterator in given) {
    yield* given as AsyncIterable<unknown>;
    return;
  }
  if (!isObject || !('getReader' in given)) {
    throw new OptionsError(
      'source',
      `the source is ${describeType(given)}; it must be a stream, or an async iterable, of Uint8Array`,
    );
  }
  const reader = (source as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function noBytes(chunk: unknown): OptionsError {
  // Its invalid bytes have been replaced already: what was in the file can no longer be told.
  const advice = typeof chunk === 'string' ? ': leave the encoding of the stream out' : '';
  return new OptionsError('source', `the source gives ${describeType(chunk)}; it must give Uint8Array${advice}`);
}
