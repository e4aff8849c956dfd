import { SCHEMA_VERSION } from '../schema-version.js';
import { createCaps } from './caps.js';
import type { Formatter, FormatterOptions } from './formatter.js';
import { diagnosticJson, summaryJson } from './machine-json.js';

/**
 * One JSON object: `{ schemaVersion, diagnostics: […], files: [summary…] }`, written piece by piece. Shows all findings
 * by default. Its summaries can be merged with those of other files.
 */
export function json(options: FormatterOptions = {}): Formatter {
  const caps = createCaps(options.maxErrors ?? 0, options.maxPerRule ?? 0);
  const opening = `{"schemaVersion":${SCHEMA_VERSION},"diagnostics":[\n`;
  // Datasets may follow one another, and a summary comes after the diagnostics of its own: only summaries are kept.
  const summaries: string[] = [];
  let isOpen = false;

  return {
    wantedPerRule: caps.wanted,
    diagnostic(diagnostic) {
      if (!caps.admits(diagnostic)) return '';
      const lead = isOpen ? ',\n' : opening;
      isOpen = true;
      return lead + diagnosticJson(diagnostic);
    },
    report(report) {
      summaries.push(summaryJson(report, caps.endDataset(report.byRule).shown, true));
      return '';
    },
    end: () => `${isOpen ? '' : opening}\n],"files":[\n${summaries.join(',\n')}\n]}\n`,
  };
}
