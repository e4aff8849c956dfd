/** What `--format jsonl` writes last. */
export interface Summary {
  readonly examples: number;
  readonly errors: number;
  readonly warnings: number;
  /** Findings of each rule that has any. */
  readonly byRule: Readonly<Record<string, number>>;
  readonly tokens?: { readonly total: number };
}

/** The summary of a check of one file with `--format jsonl`. */
export function summaryLine(stdout: string): Summary {
  return JSON.parse(lastLine(stdout)) as Summary;
}

/** One line for each check whose summary is another than that of the first, but for how long it took. */
export function differingSummaries(checks: readonly (readonly [name: string, stdout: string])[]): string[] {
  const [first, ...others] = checks.map(([name, stdout]) => ({ name, summary: withoutDuration(stdout) }));
  return others
    .filter(({ summary }) => summary !== first?.summary)
    .map(({ name, summary }) => `The reports differ: ${first?.name}: ${first?.summary}; ${name}: ${summary}`);
}

function withoutDuration(stdout: string): string {
  const { durationMs: _, ...rest } = JSON.parse(lastLine(stdout)) as { readonly durationMs: number };
  return JSON.stringify(rest);
}

function lastLine(stdout: string): string {
  const lines = stdout.trimEnd();
  return lines.slice(lines.lastIndexOf('\n') + 1);
}
