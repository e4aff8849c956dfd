import type { Report } from '../report.js';
import { createCaps } from './caps.js';
import { count, counted, large, size } from './figures.js';
import { fileCount } from './files-of.js';
import type { Formatter, FormatterOptions } from './formatter.js';
import { lineAndColumn, pointerText } from './place.js';
import { fileNameLine, oneLine } from './terminal-text.js';

/** One line for each finding, without data, then one line for each dataset. Shows 100 findings by default. */
export function concise(options: FormatterOptions = {}): Formatter {
  const caps = createCaps(options.maxErrors ?? 100, options.maxPerRule ?? 0);
  return {
    wantedPerRule: caps.wanted,
    diagnostic(diagnostic) {
      if (!caps.admits(diagnostic)) return '';
      const pointer = pointerText(diagnostic);
      return [
        `${fileNameLine(diagnostic.file)}${lineAndColumn(diagnostic)}: ${diagnostic.severity} ${diagnostic.rule}: `,
        oneLine(diagnostic.message),
        pointer === undefined ? '' : ` [${pointer}]`,
        diagnostic.help === undefined ? '' : ` help: ${oneLine(diagnostic.help)}`,
        '\n',
      ].join('');
    },
    report(report) {
      const { hidden } = caps.endDataset(report.byRule);
      const name = fileNameLine(report.file);
      const more = hidden.reduce((sum, entry) => sum + entry.count, 0);
      const flags = [...new Set(hidden.flatMap((entry) => entry.flags))].join(' ');
      const rest = more === 0 ? '' : `${name}: ${count(more)} more not shown (${flags} shows them)\n`;
      return options.quiet && findings(report) === 0 ? rest : `${rest}${name}: ${summary(report)}\n`;
    },
    end: () => '',
  };
}

function findings({ errors, warnings, infos }: Report): number {
  return errors + warnings + infos;
}

function summary(report: Report): string {
  return [
    ...(report.ok ? ['ok'] : []),
    ...(report.errors > 0 ? [counted(report.errors, 'error')] : []),
    ...(report.warnings > 0 ? [counted(report.warnings, 'warning')] : []),
    ...(report.infos > 0 ? [counted(report.infos, 'info')] : []),
    ...fileCount(report),
    counted(report.examples, 'example'),
    size(report.bytes),
    ...(report.tokens ? [`${large(report.tokens.total)} tokens`] : []),
  ].join(', ');
}
