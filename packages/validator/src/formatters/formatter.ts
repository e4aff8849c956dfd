import type { Diagnostic } from '../diagnostic.js';
import type { Report } from '../report.js';

/**
 * Turns diagnostics and reports into text, piece by piece: every call returns what is to be written now (possibly
 * nothing), so that a million findings never become one string.
 */
export interface Formatter {
  /**
   * So many diagnostics of each rule and dataset at most it has a use for; those that are never made need not be given to
   * it: the report counts them. `Infinity` when it shows all.
   */
  readonly wantedPerRule: number;
  /** A diagnostic, in the order in which it was found. */
  diagnostic(diagnostic: Diagnostic): string;
  /** The end of one dataset. */
  report(report: Report): string;
  /** The end of all datasets. */
  end(): string;
}

/** Options that all formatters take; each ignores what does not concern it. */
export interface FormatterOptions {
  /** How many diagnostics are shown in all; 0 = all. Totals stay exact. @default depends on the format */
  readonly maxErrors?: number;
  /** How many diagnostics of each rule are shown for each dataset; 0 = all. @default depends on the format */
  readonly maxPerRule?: number;
  /** ANSI colours. @default false */
  readonly color?: boolean;
  /** Leaves out the closing line of a dataset without findings. @default false */
  readonly quiet?: boolean;
}
