/** Time that passes only where somebody waits, and chance that is none. */
export function createTestRuntime(random = 0.5) {
  const waits: number[] = [];
  const start = Date.now();
  let passed = 0;
  return {
    /** Every wait that was asked for, in milliseconds. */
    waits,
    now: () => start + passed,
    elapsed: () => passed,
    random: () => random,
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      if (signal.aborted) throw signal.reason;
      waits.push(ms);
      passed += ms;
    },
    /** The timers that guard sockets are real: see `createManualClock` for others. */
    after(ms: number, run: () => void): () => void {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}
