import { describe, expect, it } from 'vitest';
import { createProgressReporter, guarded, type Progress } from './events.js';

describe('progress', () => {
  /** A reporter at a clock that the test moves. */
  function reporter(total: number) {
    const clock = { now: 0 };
    const sent: Progress[] = [];
    const progress = createProgressReporter(
      total,
      () => clock.now,
      (state) => sent.push(state),
    );
    return { clock, sent, progress };
  }

  it('is reported at most ten times a second within a phase, whatever the number of chunks', () => {
    const { clock, sent, progress } = reporter(10_000);
    progress.report('connect', 0, 1);
    for (let ms = 1; ms <= 1000; ms++) {
      clock.now = ms;
      progress.report('send', ms * 10, 1);
    }
    expect(sent.filter(({ phase }) => phase === 'send').length).toBeLessThanOrEqual(11);
    expect(sent[0]).toEqual({ phase: 'connect', bytesSent: 0, bytesTotal: 10_000, bytesPerSecond: 0, attempt: 1 });
  });

  it('always reports the first and the last state', () => {
    const { sent, progress } = reporter(10);
    progress.report('send', 1, 1);
    progress.report('send', 5, 1);
    progress.report('send', 10, 1);
    expect(sent.map(({ bytesSent }) => bytesSent)).toEqual([1]);
    progress.end();
    progress.end();
    expect(sent.map(({ bytesSent }) => bytesSent)).toEqual([1, 10]);
  });

  it('reports a new phase and a new attempt at once, and falls back to 0', () => {
    const { sent, progress } = reporter(10);
    for (const attempt of [1, 2]) {
      progress.report('connect', 0, attempt);
      progress.report('send', 5, attempt);
    }
    progress.report('wait', 10, 2);
    progress.report('done', 10, 2);
    expect(sent.map(({ phase, bytesSent, attempt }) => [phase, bytesSent, attempt])).toEqual([
      ['connect', 0, 1],
      ['send', 5, 1],
      ['connect', 0, 2],
      ['send', 5, 2],
      ['wait', 10, 2],
      ['done', 10, 2],
    ]);
  });

  it('tells the pace of the attempt', () => {
    const { clock, sent, progress } = reporter(10_000);
    clock.now = 60_000;
    progress.report('connect', 0, 2);
    clock.now = 62_000;
    progress.report('send', 4000, 2);
    expect(sent.at(-1)?.bytesPerSecond).toBe(2000);
  });
});

describe('a callback of the caller', () => {
  it('may throw or reject: that is passed on once and goes no further', async () => {
    for (const fail of [
      () => {
        throw new Error('mine');
      },
      async () => {
        throw new Error('mine');
      },
    ]) {
      const thrown: unknown[] = [];
      const call = guarded<number>(fail, (error) => thrown.push(error));
      call(1);
      call(2);
      await new Promise((resolve) => setImmediate(resolve));
      expect(thrown).toMatchObject([{ message: 'mine' }]);
    }
  });

  it('may be left out', () => {
    guarded<number>(undefined, () => {})(1);
  });
});
