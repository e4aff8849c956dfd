import { createCaps } from './caps.js';
import type { Formatter, FormatterOptions } from './formatter.js';
import { diagnosticJson, summaryJson } from './machine-json.js';

/** JSON Lines: every diagnostic as it is found, then one summary for each dataset. Shows all findings by default. */
export function jsonl(options: FormatterOptions = {}): Formatter {
  const caps = createCaps(options.maxErrors ?? 0, options.maxPerRule ?? 0);
  return {
    wantedPerRule: caps.wanted,
    diagnostic: (diagnostic) => (caps.admits(diagnostic) ? `${diagnosticJson(diagnostic)}\n` : ''),
    report: (report) => `${summaryJson(report, caps.endDataset(report.byRule).shown)}\n`,
    end: () => '',
  };
}
