import pRetry from 'p-retry';

export interface RetryRun<T> {
  /** One try; `attempt` counts from 1. */
  attempt(attempt: number): Promise<T>;
  /** Called after a failed try: waits for as long as it takes, then says whether to try again. Rejects when aborted. */
  waitForRetry(error: unknown, attempt: number): Promise<boolean>;
}

/**
 * Tries until `attempt` resolves or `waitForRetry` says no.
 *
 * p-retry 7 is kept away from waiting and from signals: its own delay cannot be aborted, has no jitter at the cap, and
 * with a `signal` it throws away a success that arrives together with an abort. An upload that succeeded must never be
 * lost, so the result is also held outside.
 */
export async function runWithRetries<T>(run: RetryRun<T>): Promise<T> {
  let success: { readonly value: T } | undefined;
  try {
    return await pRetry(
      async (attempt) => {
        const value = await run.attempt(attempt);
        success = { value };
        return value;
      },
      {
        retries: Number.POSITIVE_INFINITY,
        minTimeout: 0,
        factor: 1,
        shouldRetry: ({ error, attemptNumber }) => run.waitForRetry(error, attemptNumber),
      },
    );
  } catch (error) {
    if (success !== undefined) return success.value;
    throw error;
  }
}
