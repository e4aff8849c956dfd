import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuotaExceededError, RateLimitError, ServerError } from '../api-errors.js';
import { ConnectionError, TlsError } from '../connection-errors.js';
import { ProtocolError } from '../errors.js';
import { delayBeforeResend, delayBeforeRetry, type Failure, isRetryableStatus } from './policy.js';

const SETTINGS = { retries: 3, baseDelay: 500, maxDelay: 30_000, maxRetryAfter: 120_000, budget: 1_800_000 };
const reset = new ConnectionError('E_RESET', 'x', { retryable: true, bytesSent: 0, bytesTotal: 0 });
const rateLimit = (retryAfterMs?: number) =>
  new RateLimitError('x', { status: 429, headers: {}, retryAfterMs }, { retryable: true });

function delay(failure: Partial<Failure>, random = 0.999_999, settings = SETTINGS): number | null {
  const whole = { error: reset, retriesDone: 0, elapsedMs: 0, remainingMs: Number.POSITIVE_INFINITY, ...failure };
  return delayBeforeRetry(whole, settings, random);
}

describe('the wait before a retry', () => {
  it('doubles its bound with every retry, up to the cap', () => {
    const bounds = [0, 1, 2, 3, 5, 6, 7, 50].map((retriesDone) =>
      delay({ retriesDone }, 0.999_999, { ...SETTINGS, retries: 99 }),
    );
    expect(bounds).toEqual([500, 1000, 2000, 4000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is random from nothing on, also at the cap', () => {
    expect(delay({}, 0)).toBe(0);
    expect(delay({ retriesDone: 9 }, 0.5, { ...SETTINGS, retries: 99 })).toBe(15_000);
  });

  it('G8: is never shorter than the server asks, and never longer than the limits', () => {
    fc.assert(
      fc.property(
        fc.nat(300_000),
        fc.nat(5),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (asked, retriesDone, random) => {
          const ms = delay({ error: rateLimit(asked), retriesDone }, random);
          if (retriesDone >= 3 || asked > 120_000) expect(ms).toBeNull();
          else expect(ms).toBeGreaterThanOrEqual(asked);
          expect(ms ?? 0).toBeLessThanOrEqual(120_000);
        },
      ),
      { seed: 32 },
    );
  });

  it.each([
    ['all retries are used up', { retriesDone: 3 }],
    ['the budget is used up', { elapsedMs: 1_800_000 }],
    ['the deadline would pass meanwhile', { remainingMs: 400 }],
    ['the certificate is refused', { error: new TlsError('x') }],
    ['it is our own mistake', { error: new TypeError('x') }],
    ['the quota is used up', { error: new QuotaExceededError('x', { status: 429, headers: {} }, { retryable: true }) }],
    ['the server asks for too much', { error: rateLimit(120_001) }],
  ])('does not come when %s', (_name, failure) => {
    expect(delay(failure)).toBeNull();
  });

  it('2: comes once for a name that is unknown, and always for a name server that is busy', () => {
    const dns = (causeCode: string) =>
      new ConnectionError('E_DNS', 'x', { retryable: true, bytesSent: 0, bytesTotal: 0, causeCode });
    expect(delay({ error: dns('ENOTFOUND') })).not.toBeNull();
    expect(delay({ error: dns('ENOTFOUND'), retriesDone: 1 })).toBeNull();
    expect(delay({ error: dns('EAI_AGAIN'), retriesDone: 2 })).not.toBeNull();
  });
});

describe('the wait before a second sending', () => {
  const server = (retryAfterMs?: number, retryable = true) =>
    new ServerError('x', { status: 500, headers: {}, retryAfterMs }, { retryable });
  const resend = (failure: Partial<Failure>, waitedMs = 10_000, settings = SETTINGS) =>
    delayBeforeResend(
      { error: reset, retriesDone: 0, elapsedMs: 10_000, remainingMs: Number.POSITIVE_INFINITY, ...failure },
      settings,
      0.999_999,
      waitedMs,
    );

  it('counts the time of the search, which is mostly enough', () => {
    expect(resend({})).toBe(0);
    expect(resend({}, 0)).toBe(500);
    expect(resend({ error: server(60_000) })).toBe(50_000);
  });

  it('comes after an answer that made no sense, too: the kind of it says nothing about another sending', () => {
    expect(resend({ error: new ProtocolError('x') })).toBe(0);
  });

  it.each([
    ['all retries are used up', { retriesDone: 3 }],
    ['the budget is used up', { elapsedMs: 1_800_001 }],
    ['the deadline has passed', { remainingMs: 0 }],
    ['the server says no', { error: server(undefined, false) }],
    ['the server asks for too long a wait', { error: server(120_001) }],
  ])('does not come when %s', (_name, failure) => {
    expect(resend(failure)).toBeNull();
  });
});

describe('fault 13: a body that is cut twice at about the same place', () => {
  const MIB = 1024 * 1024;
  const cutAt = (bytesSent: number) =>
    new ConnectionError('E_RESET', 'x', { retryable: true, bytesSent, bytesTotal: 500 * MIB });

  it('meets a limit: one retry is enough', () => {
    expect(delay({ error: cutAt(100 * MIB) })).not.toBeNull();
    expect(delay({ error: cutAt(100 * MIB), previous: cutAt(105 * MIB), retriesDone: 1 })).toBeNull();
    expect(delay({ error: cutAt(1), previous: cutAt(8 * MIB), retriesDone: 1 })).toBeNull();
  });

  it('elsewhere, or for another reason, is an accident', () => {
    expect(delay({ error: cutAt(100 * MIB), previous: cutAt(300 * MIB), retriesDone: 1 })).not.toBeNull();
    expect(delay({ error: cutAt(1), previous: rateLimit(), retriesDone: 1 })).not.toBeNull();
    expect(delay({ error: reset, previous: reset, retriesDone: 1 })).not.toBeNull();
  });
});

describe('a status that is worth another try', () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])('%d is', (status) => {
    expect(isRetryableStatus(status, undefined)).toBe(true);
    expect(isRetryableStatus(status, 'false')).toBe(false);
  });

  it.each([400, 401, 403, 404, 413, 415, 422, 501, 505])('%d is not', (status) => {
    expect(isRetryableStatus(status, undefined)).toBe(false);
    expect(isRetryableStatus(status, 'true')).toBe(true);
  });
});
