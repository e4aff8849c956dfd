/*
 * Counters in other threads that share one vocabulary: its tables and the compiled engine exist once in a process, and a
 * worker starts to count within a millisecond.
 *
 * In the thread that starts the workers, for each of them:
 *
 *     const lease = await leaseTokenCounter('o200k_base');
 *     const worker = new Worker(url, { workerData: { counter: lease.counter } });   // or postMessage
 *     worker.once('exit', lease.release);
 *
 * In the worker, synchronously:
 *
 *     const counter = createTokenCounterFrom(workerData.counter);
 *     counter.count('text');
 *
 * A lease is for one worker: two counters with the same one would write over each other.
 */

import type { EngineCounter } from './counter.js';
import type { Encoding } from './encodings.js';
import { createEngine } from './engine.js';
import { loadVocabulary } from './load-vocabulary.js';
import type { CounterPlace } from './vocabulary-memory.js';

/** What another thread needs to count. It may be sent by structured cloning, which copies none of the memory. */
export interface SharedCounter {
  readonly encoding: Encoding;
  readonly place: CounterPlace;
}

/** A place for one more counter. */
export interface CounterLease {
  readonly counter: SharedCounter;
  /** To be called when the thread that counts has ended, so that another one may have its place. */
  release(): void;
}

/**
 * Makes a place for a counter in another thread. The first one loads the vocabulary, unless this thread counts with it
 * already; each takes 9 MB.
 */
export async function leaseTokenCounter(encoding: Encoding): Promise<CounterLease> {
  const vocabulary = await loadVocabulary(encoding);
  const place = vocabulary.take();
  let isReleased = false;
  return {
    counter: { encoding, place },
    release() {
      if (isReleased) return;
      isReleased = true;
      vocabulary.giveBack(place);
    },
  };
}

/** A counter in the place that was leased for this thread. */
export function createTokenCounterFrom({ encoding, place }: SharedCounter): EngineCounter {
  const { count, countUtf8 } = createEngine(place);
  return { encoding, count, countUtf8 };
}
