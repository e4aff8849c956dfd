import type { Progress as CheckProgress } from '@tunegate/validator';
import { oneLine } from './one-line.js';

/** Says how far a check has come: `checking train.jsonl  61%  82.4 MB/s  0:05 left  84,120 examples  3 errors`. */
export type CheckProgressText = (state: CheckProgress) => string;

/** Before this a rate says nothing, and time left less. */
const RATE_AFTER_MS = 1_000;

/** @param path `-` is standard input. @param now Milliseconds of any clock. */
export function createCheckProgressText(path: string, now: () => number): CheckProgressText {
  const startedAt = now();
  const name = path === '-' ? 'standard input' : oneLine(path);
  return ({ bytes, totalBytes, examples, errors }) => {
    const elapsed = now() - startedAt;
    const rate = elapsed < RATE_AFTER_MS ? undefined : (bytes / elapsed) * 1000;
    const share = totalBytes ? `${Math.min(100, Math.floor((bytes / totalBytes) * 100))}%` : megabytes(bytes);
    const left = totalBytes && rate ? `${minutes((totalBytes - bytes) / rate)} left` : undefined;
    const speed = rate === undefined ? undefined : `${megabytes(rate)}/s`;
    return [
      `checking ${name}`,
      share,
      ...(speed === undefined ? [] : [speed]),
      ...(left === undefined ? [] : [left]),
      counted(examples, 'example'),
      counted(errors, 'error'),
    ].join('  ');
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `65` → `1:05`; from an hour on `1:01:05`. */
function minutes(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

function counted(value: number, noun: string): string {
  return `${String(value).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${value === 1 ? '' : 's'}`;
}
