import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { exampleLines } from '../../../../bench/text/examples.js';
import { createTokenCounter } from './counter.js';
import { createTokenCounterFrom, leaseTokenCounter } from './shared-counter.js';

/** Counts texts with a counter of its own in the memory that it is given, while other threads do the same. */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { module, memory, region } = workerData.counter.place;
  const { exports } = new WebAssembly.Instance(module, { env: { memory, region, mayGrow: 0 } });
  exports.begin();
  const room = new Uint8Array(memory.buffer, exports.reserveText(200000), 200000);
  const count = (text) => exports.count(new TextEncoder().encodeInto(text, room).written, 1);
  parentPort.postMessage(workerData.texts.map(count));
`;

describe('counters that share a vocabulary', () => {
  it('count the same in several threads at once', async () => {
    const lines = exampleLines(9);
    const texts = Array.from({ length: 300 }, () => lines.next().value as string);
    const counter = await createTokenCounter({ encoding: 'o200k_base' });
    const counts = texts.map(counter.count);
    const results = await Promise.all(
      [0, 1, 2].map(async (shift) => {
        const lease = await leaseTokenCounter('o200k_base');
        const turned = [...texts.slice(shift * 100), ...texts.slice(0, shift * 100)];
        const worker = new Worker(WORKER, { eval: true, workerData: { counter: lease.counter, texts: turned } });
        const counted = await new Promise<number[]>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
        });
        await worker.terminate();
        lease.release();
        return [...counted.slice(300 - shift * 100), ...counted.slice(0, 300 - shift * 100)];
      }),
    );
    for (const result of results) expect(result).toEqual(counts);
  });

  it('have places of their own, and give them to the next one when they are released', async () => {
    const first = await leaseTokenCounter('cl100k_base');
    const second = await leaseTokenCounter('cl100k_base');
    expect(second.counter.place.memory).toBe(first.counter.place.memory);
    expect(second.counter.place.region).not.toBe(first.counter.place.region);
    expect(createTokenCounterFrom(first.counter).count('hello world')).toBe(2);
    first.release();
    first.release();
    const third = await leaseTokenCounter('cl100k_base');
    const fourth = await leaseTokenCounter('cl100k_base');
    expect(third.counter.place.region).toBe(first.counter.place.region);
    expect(fourth.counter.place.region).not.toBe(first.counter.place.region);
    expect(createTokenCounterFrom(third.counter).count('hello world')).toBe(2);
  });
});
