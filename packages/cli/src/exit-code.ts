/** What the process says at its end. */
export const EXIT = {
  /** Nothing stands in the way. */
  clean: 0,
  /** Findings at or above the gate. */
  findings: 1,
  /** Usage, configuration, an unreadable file, or a bug. */
  usage: 2,
  /** The upload failed: network, 401, 403, quota, a changed file, an answer that was lost. */
  uploadFailed: 3,
  /** The server rejected the file: 400, 413, 422, or could not process it. */
  rejected: 4,
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The strongest cause first. */
const PRECEDENCE: readonly ExitCode[] = [EXIT.interrupted, EXIT.usage, EXIT.rejected, EXIT.uploadFailed, EXIT.findings];

/** One code for several causes: 130 > 2 > 4 > 3 > 1 > 0. */
export function exitCode(causes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => causes.includes(code)) ?? EXIT.clean;
}

/** The figures of a report that decide. */
export interface Verdict {
  readonly errors: number;
  readonly warnings: number;
}

/**
 * Whether findings close the gate: any error does, and more warnings, over all datasets, than are allowed.
 *
 * @param maxWarnings Absent: any number is allowed.
 */
export function verdictCode(verdicts: readonly Verdict[], maxWarnings?: number): ExitCode {
  const warnings = verdicts.reduce((sum, verdict) => sum + verdict.warnings, 0);
  const isOverWarnings = maxWarnings !== undefined && warnings > maxWarnings;
  return verdicts.some(({ errors }) => errors > 0) || isOverWarnings ? EXIT.findings : EXIT.clean;
}
