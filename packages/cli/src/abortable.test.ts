import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { abortable } from './abortable.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('abortable', () => {
  it('keeps none of the chunks that were taken', async () => {
    const chunks: WeakRef<object>[] = [];
    async function* source() {
      for (let index = 0; index < 50; index += 1) {
        const chunk = new Uint8Array(1024);
        chunks.push(new WeakRef(chunk));
        yield chunk;
      }
    }
    let kept = -1;
    let taken = 0;
    for await (const { length } of abortable(source(), new AbortController().signal)) {
      taken += length;
      if (chunks.length < 50) continue;
      // References are weak only from the next turn on.
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      kept = chunks.filter((chunk) => chunk.deref() !== undefined).length;
    }
    expect(taken).toBe(50 * 1024);
    expect(kept).toBeLessThan(10);
  });

  it('ends with the reason of the signal while the source is silent', async () => {
    const controller = new AbortController();
    const silent: AsyncIterable<never> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const first = abortable(silent, controller.signal).next();
    controller.abort(new Error('interrupted'));
    await expect(first).rejects.toThrow('interrupted');
  });

  it('passes on what the source throws', async () => {
    async function* broken() {
      yield 1;
      throw new Error('unplugged');
    }
    const chunks = abortable(broken(), new AbortController().signal);
    expect((await chunks.next()).value).toBe(1);
    await expect(chunks.next()).rejects.toThrow('unplugged');
  });
});
