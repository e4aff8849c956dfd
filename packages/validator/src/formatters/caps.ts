import type { Diagnostic } from '../diagnostic.js';
import type { Report } from '../report.js';
import type { AnyRuleId } from '../rules/index.js';

/** What was not shown of one rule in one dataset. */
export interface HiddenFindings {
  readonly rule: string;
  readonly count: number;
  /** The lines of the first few of them. */
  readonly lines: readonly number[];
  /** The flags that would have shown them. */
  readonly flags: readonly string[];
}

/** Decides which findings are shown, and keeps count of the others. */
export interface Caps {
  /** Whether this finding is shown. */
  admits(diagnostic: Diagnostic): boolean;
  /** So many diagnostics of each rule and dataset at most have to be given to `admits`. */
  readonly wanted: number;
  /**
   * Ends a dataset: what was shown of it and what was not. The cap by rule starts anew; the cap on all goes on.
   *
   * @param byRule - How many there are of each rule, those included that were never made.
   */
  endDataset(byRule: Report['byRule']): { readonly shown: number; readonly hidden: readonly HiddenFindings[] };
}

const LINES_NAMED = 4;
/** So many of those that are not shown are looked at for these lines: several may be in one line. */
const LINES_LOOKED_AT = 8;

/**
 * Caps on what is shown; 0 = none.
 *
 * @param maxErrors For all datasets together.
 * @param maxPerRule For each rule in each dataset.
 */
export function createCaps(maxErrors: number, maxPerRule: number): Caps {
  let shownInAll = 0;
  let shown = 0;
  const shownByRule = new Map<string, number>();
  const hidden = new Map<string, { count: number; lines: number[]; flags: Set<string> }>();

  return {
    wanted: Math.min(maxErrors || Number.POSITIVE_INFINITY, maxPerRule || Number.POSITIVE_INFINITY) + LINES_LOOKED_AT,
    admits({ rule, line }) {
      const sameRule = shownByRule.get(rule) ?? 0;
      const overPerRule = maxPerRule > 0 && sameRule >= maxPerRule;
      const overAll = maxErrors > 0 && shownInAll >= maxErrors;
      if (!overPerRule && !overAll) {
        shownByRule.set(rule, sameRule + 1);
        shownInAll += 1;
        shown += 1;
        return true;
      }
      const entry = hidden.get(rule) ?? { count: 0, lines: [], flags: new Set<string>() };
      hidden.set(rule, entry);
      entry.count += 1;
      if (line !== undefined && entry.lines.length < LINES_NAMED && entry.lines.at(-1) !== line) entry.lines.push(line);
      if (overPerRule) entry.flags.add('--max-per-rule 0');
      if (overAll) entry.flags.add('--max-errors 0');
      return false;
    },
    endDataset(byRule) {
      const result = {
        shown,
        hidden: [...hidden].map(([rule, entry]) => ({
          rule,
          ...entry,
          count: Math.max(entry.count, (byRule[rule as AnyRuleId] ?? 0) - (shownByRule.get(rule) ?? 0)),
          flags: [...entry.flags],
        })),
      };
      shown = 0;
      shownByRule.clear();
      hidden.clear();
      return result;
    },
  };
}
