import { createBatchBuilder } from './batch.js';
import type { Diagnostic } from './diagnostic.js';
import { createExampleCheck } from './example-check.js';
import { createFingerprintOrdinals, type FingerprintOrdinals } from './fingerprint.js';
import { reportFormat } from './format-findings.js';
import { chooseFormat } from './formats/choose.js';
import { parseJson } from './json/parse-json.js';
import { writeJson } from './json/write-json.js';
import { normalizeOptions, type ValidateOptions } from './options.js';
import { createReporter } from './reporter.js';
import { describeType } from './rules/quote.js';

/** What a finding has only in a file. */
const PLACE_KEYS = ['line', 'column', 'endLine', 'endColumn', 'byteOffset', 'example', 'fix', 'excerpt'] as const;

/**
 * Checks one example that has been parsed already, at once: its format, its shape and the rules about examples.
 *
 * Places are JSON Pointers, there being no line. Tokens are not counted, and what only a whole dataset shows is not
 * looked for. `extraKeys` and `tools/arguments-mismatch` need ajv to be loaded and have no part in it.
 *
 * @param value - What `JSON.parse` gave, or what is about to be written.
 * @throws {OptionsError} When an option is wrong, or the value cannot be written as JSON at all.
 */
export function validateExample(value: unknown, options?: ValidateOptions): Diagnostic[] {
  const normalized = normalizeOptions({ ...options, tokens: 'off' });
  const batch = createBatchBuilder(Number.POSITIVE_INFINITY);
  const reporter = createReporter(normalized, normalized.fileName ?? '<example>', batch);
  const text = writeJson(value);
  const line = { number: 1, byteStart: 0, text };
  let found: readonly Diagnostic[] = [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const finding = { rule: 'json/not-an-object', params: { found: describeType(value) } } as const;
    reporter.inLine(line, [{ finding, span: { start: 0, end: text.length }, path: [] }]);
  } else {
    const check = createExampleCheck({
      options: normalized,
      reporter,
      counter: undefined,
      maxExampleTokens: undefined,
      isRecording: false,
      fingerprintWords: 2,
      keepsTexts: false,
      batch,
    });
    const choice = chooseFormat([value], normalized.method);
    check.begin(choice);
    check.example(line, parseJson(text) as object);
    const taken = batch.take(undefined, []);
    found = taken.diagnostics;
    reportFormat(reporter, choice, taken);
  }
  const ordinals = createFingerprintOrdinals();
  return [...found, ...batch.take(undefined, []).diagnostics].map((diagnostic) => withoutPlace(diagnostic, ordinals));
}

function withoutPlace(diagnostic: Diagnostic, ordinals: FingerprintOrdinals): Diagnostic {
  const { ...fields } = diagnostic as unknown as Record<string, unknown>;
  for (const key of PLACE_KEYS) delete fields[key];
  return { ...fields, fingerprint: ordinals.next(diagnostic.fingerprint) } as unknown as Diagnostic;
}
