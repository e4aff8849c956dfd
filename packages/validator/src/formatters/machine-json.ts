import type { Diagnostic } from '../diagnostic.js';
import type { Report } from '../report.js';
import { SCHEMA_VERSION } from '../schema-version.js';

// Legal in JSON, yet C1 controls and bidirectional characters drive a terminal, and U+0085, U+2028 and U+2029 end a
// line for readers that split as Python's `str.splitlines` does. Escaped, the value is the same.
const ESCAPED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function stringify(value: unknown): string {
  return JSON.stringify(value).replace(ESCAPED, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** One diagnostic as JSON on one line. The excerpt is left out: machine formats never carry the data itself. */
export function diagnosticJson(diagnostic: Diagnostic): string {
  return stringify({
    type: 'diagnostic',
    rule: diagnostic.rule,
    severity: diagnostic.severity,
    message: diagnostic.message,
    help: diagnostic.help,
    file: diagnostic.file,
    line: diagnostic.line,
    column: diagnostic.column,
    endLine: diagnostic.endLine,
    endColumn: diagnostic.endColumn,
    byteOffset: diagnostic.byteOffset,
    pointer: diagnostic.pointer,
    example: diagnostic.example,
    messageIndex: diagnostic.messageIndex,
    params: diagnostic.params,
    fix: diagnostic.fix,
    url: diagnostic.url,
    fingerprint: diagnostic.fingerprint,
  });
}

/**
 * The summary of one dataset as JSON on one line.
 *
 * @param shown How many of its diagnostics were written before it.
 * @param isMergeable Whether it carries what it takes to merge it with others.
 */
export function summaryJson(report: Report, shown: number, isMergeable = false): string {
  const truncated = shown < report.errors + report.warnings + report.infos;
  return stringify({
    type: 'summary',
    schemaVersion: SCHEMA_VERSION,
    file: report.file,
    ok: report.ok,
    target: report.target,
    model: report.model,
    format: report.format,
    formatReason: report.formatReason === '' ? undefined : report.formatReason,
    bytes: report.bytes,
    lines: report.lines,
    examples: report.examples,
    errors: report.errors,
    warnings: report.warnings,
    infos: report.infos,
    byRule: report.byRule,
    truncated,
    shown: truncated ? shown : undefined,
    // Of several files each has its own.
    sha256: report.shards === undefined ? report.sha256 : undefined,
    tokens: report.tokens && {
      encoding: report.tokens.encoding,
      total: report.tokens.total,
      trained: report.tokens.trained,
      perExample: report.tokens.perExample,
    },
    epochs: report.epochs,
    cost: report.cost,
    durationMs: report.durationMs,
    fingerprints: report.fingerprints,
    comparison: report.comparison,
    shards: report.shards,
    merge: isMergeable ? report.merge : undefined,
  });
}
