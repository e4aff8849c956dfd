/** What of a diagnostic is compared: the rest is wording. */
export interface ExpectedDiagnostic {
  readonly rule: string;
  readonly severity: string;
  readonly line?: number;
  readonly column?: number;
  readonly endColumn?: number;
  readonly pointer?: string;
}

const KEYS = ['rule', 'severity', 'line', 'column', 'endColumn', 'pointer'] as const;

/** One line for each diagnostic, as `.out` files have them: by line, column and rule, those about the whole file last. */
export function formatExpectation(diagnostics: readonly ExpectedDiagnostic[]): string {
  const last = Number.MAX_SAFE_INTEGER;
  return diagnostics
    .map((diagnostic) => ({ diagnostic, text: formatOne(diagnostic) }))
    .sort(
      (a, b) =>
        (a.diagnostic.line ?? last) - (b.diagnostic.line ?? last) ||
        (a.diagnostic.column ?? 0) - (b.diagnostic.column ?? 0) ||
        (a.text < b.text ? -1 : a.text > b.text ? 1 : 0),
    )
    .map(({ text }) => `${text}\n`)
    .join('');
}

/** The diagnostics of an `.out` file, or of a validator that prints JSON Lines. */
export function parseExpectation(text: string): ExpectedDiagnostic[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExpectedDiagnostic);
}

function formatOne(diagnostic: ExpectedDiagnostic): string {
  return JSON.stringify(
    Object.fromEntries(KEYS.filter((key) => diagnostic[key] !== undefined).map((key) => [key, diagnostic[key]])),
  );
}
