/** The same chunks, until the signal is aborted: a terminal or a pipe may never send the next one. */
export async function* abortable<Chunk>(source: AsyncIterable<Chunk>, signal: AbortSignal): AsyncGenerator<Chunk> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    signal.throwIfAborted();
    const next = await unlessAborted(iterator.next(), signal);
    if (next.done) return;
    yield next.value;
  }
}

/**
 * Settles as `next` does, or with the signal's reason. Not `Promise.race` against one promise for the signal: that promise
 * would keep every chunk of the stream until it settles.
 */
function unlessAborted<Value>(next: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    // Asking for the next chunk may itself have been what led to the abort: no event will say so again.
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    next.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
