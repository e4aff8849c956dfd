import type { Diagnostic } from '../diagnostic.js';

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
  /** Ends a dataset: what was shown of it and what was not. The cap by rule starts anew; the cap on all goes on. */
  endDataset(): { readonly shown: number; readonly hidden: readonly HiddenFindings[] };
}

const LINES_NAMED = 4;

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
    endDataset() {
      const result = {
        shown,
        hidden: [...hidden].map(([rule, entry]) => ({ rule, ...entry, flags: [...entry.flags] })),
      };
      shown = 0;
      shownByRule.clear();
      hidden.clear();
      return result;
    },
  };
}
