import type { CustomRuleId } from './rules/custom.js';
import type { RuleId, RuleParams } from './rules/index.js';

/** How much a finding weighs: an `error` means the provider rejects the file, drops the example or trains on less than was sent. */
export type Severity = 'error' | 'warning' | 'info';

/** An edit that would mend the finding. `unsafe` means the edit is a guess about what was meant. */
export interface Fix {
  readonly safety: 'safe' | 'unsafe';
  /** Replacements of byte ranges of the file (end exclusive), in ascending order, not overlapping. */
  readonly edits: readonly { readonly byteOffset: readonly [start: number, end: number]; readonly text: string }[];
}

/**
 * The part of the line around a finding, for people only: machine formats never carry it.
 *
 * Texts are raw (tabs and control characters as they are) and bounded, however long the line.
 */
export interface Excerpt {
  /** At most 60 UTF-16 code units before the span. */
  readonly before: string;
  /** The span itself; when it is longer than 120 code units, its first 80 and last 30 with `…` between. */
  readonly span: string;
  /** At most 60 code units after the span. */
  readonly after: string;
  /** Whether the line goes on to the left of `before`. */
  readonly isCutBefore: boolean;
  /** Whether the line goes on to the right of `after`. */
  readonly isCutAfter: boolean;
  /** Length of the whole line in UTF-16 code units. */
  readonly lineLength: number;
}

/** What every diagnostic has, whatever its rule. */
export interface DiagnosticFields {
  readonly severity: Severity;
  /** What is wrong, quoting the value where it is not content. One sentence, no full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  /** The file as the caller named it; `<stdin>` or `<stream>` where there is no name. */
  readonly file: string;
  /** Physical line, from 1, blank lines counted. Absent when the finding is about the file as a whole. */
  readonly line?: number;
  /** UTF-16 code units of the line, from 1; a byte order mark is not counted. */
  readonly column?: number;
  readonly endLine?: number;
  /** Exclusive. */
  readonly endColumn?: number;
  /** Bytes of the file (of the unpacked stream for compressed input), end exclusive; a byte order mark is counted. */
  readonly byteOffset?: readonly [start: number, end: number];
  /** JSON Pointer (RFC 6901) into the example; `""` is the whole line. Absent when the finding is about the file. */
  readonly pointer?: string;
  /** Number of the example, from 1: every line that is not blank counts, as it does for the provider. */
  readonly example?: number;
  /** Number of the message within its example, from 1. */
  readonly messageIndex?: number;
  readonly fix?: Fix;
  /** The rule's page; rules of the user's own have none. */
  readonly url?: string;
  /** Stays the same when lines are added or removed elsewhere: made of rule, pointer, example and how many equal ones came before. */
  readonly fingerprint: string;
  /** Present only when excerpts were asked for. */
  readonly excerpt?: Excerpt;
}

/** A located finding. The union is derived from the list of rules: `params` has the type that belongs to `rule`. */
export type Diagnostic =
  | { [Id in RuleId]: DiagnosticFields & { readonly rule: Id; readonly params: RuleParams<Id> } }[RuleId]
  | (DiagnosticFields & { readonly rule: CustomRuleId; readonly params: unknown });

/**
 * Order of a report: by line, then column, then rule; findings about the whole file come last.
 *
 * @returns A negative number, zero or a positive number, as `Array.prototype.sort` wants it.
 */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  );
}
