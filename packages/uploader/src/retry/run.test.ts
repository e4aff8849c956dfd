import { describe, expect, it } from 'vitest';
import { runWithRetries } from './run.js';
import { sleep } from './sleep.js';

describe('a run', () => {
  it('tries until it succeeds', async () => {
    const seen: number[] = [];
    const result = await runWithRetries({
      attempt: async (attempt) => {
        if (attempt < 4) throw new Error(`${attempt}`);
        return attempt;
      },
      waitForRetry: async (_error, attempt) => seen.push(attempt) > 0,
    });
    expect(result).toBe(4);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('ends with the last error when there is to be no retry', async () => {
    const error = new Error('mine');
    const run = runWithRetries({ attempt: () => Promise.reject(error), waitForRetry: async () => false });
    await expect(run).rejects.toBe(error);
  });

  it('ends with the error of the wait when that is aborted', async () => {
    const reason = new Error('enough');
    const run = runWithRetries({
      attempt: () => Promise.reject(new Error('x')),
      waitForRetry: () => Promise.reject(reason),
    });
    await expect(run).rejects.toBe(reason);
  });

  it('does not ask about a TypeError of its own: that is a mistake in the code', async () => {
    const run = runWithRetries({
      attempt: () => Promise.reject(new TypeError('x is not a function')),
      waitForRetry: () => Promise.reject(new Error('asked')),
    });
    await expect(run).rejects.toThrow('x is not a function');
  });
});

describe('a wait', () => {
  it('ends after its time', async () => {
    await sleep(5, new AbortController().signal);
  });

  it('ends at once with the reason when it is aborted, before or meanwhile', async () => {
    const reason = new Error('enough');
    await expect(sleep(1e6, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 5);
    await expect(sleep(1e12, controller.signal)).rejects.toBe(reason);
  });
});
