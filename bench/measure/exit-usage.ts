/**
 * Loaded into each measured process by `node --import`: at its exit it writes what it used to file descriptor 3.
 *
 * The peak is the kernel's own high-water mark, so no short peak is missed, as one would be by looking now and then.
 * It is read as VmHWM, not as getrusage's maxrss: that one survives `exec`, and then never is below what the starting
 * process had when it forked. Elsewhere than on Linux there is only maxrss.
 */
import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** What a process used until its exit, all its threads together. */
export interface Usage {
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

// Workers inherit `--import`; the numbers are those of the process.
if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage: Usage = {
      cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
      peakBytes: (peakKibibytes() ?? maxRSS) * 1024,
    };
    writeSync(3, JSON.stringify(usage));
  });
}

function peakKibibytes(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return peak === undefined ? undefined : Number(peak);
}
