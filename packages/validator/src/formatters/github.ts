import type { Diagnostic, Severity } from '../diagnostic.js';
import type { Report } from '../report.js';
import { count, counted, large, size } from './figures.js';
import { fileCount, fileLines } from './files-of.js';
import type { Formatter, FormatterOptions } from './formatter.js';
import { lineAndColumn, pointerText } from './place.js';
import { oneLine } from './terminal-text.js';

// GitHub shows at most 10 error, 10 warning and 10 notice annotations of one step, silently.
// Source: https://github.com/orgs/community/discussions/26680
const SHOWN_PER_STEP = 10;

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

/**
 * Workflow commands that become annotations. Every rule gets one before any gets a second, the most frequent first, and
 * a line says how many are left; to keep to GitHub's limits all of it comes at the end. Excerpts are never included.
 */
export function github(options: FormatterOptions = {}): Formatter {
  const most = Math.min(options.maxErrors || SHOWN_PER_STEP, SHOWN_PER_STEP);
  const mostPerRule = Math.min(options.maxPerRule || most, most);
  const kept: Record<Severity, Map<string, Diagnostic[]>> = { error: new Map(), warning: new Map(), info: new Map() };
  const totals: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  const byRule = new Map<string, number>();

  return {
    wantedPerRule: mostPerRule,
    diagnostic(diagnostic) {
      const { rule, severity } = diagnostic;
      const sameRule = kept[severity].get(rule);
      if (sameRule === undefined) kept[severity].set(rule, [diagnostic]);
      else if (sameRule.length < mostPerRule) sameRule.push(diagnostic);
      return '';
    },
    report(report) {
      totals.error += report.errors;
      totals.warning += report.warnings;
      totals.info += report.infos;
      for (const [rule, total] of Object.entries(report.byRule))
        byRule.set(rule, (byRule.get(rule) ?? 0) + (total ?? 0));
      return '';
    },
    end() {
      const lines: string[] = [];
      for (const severity of ['error', 'warning', 'info'] as const) {
        const shown = inTurn(kept[severity], byRule).slice(0, most);
        lines.push(...shown.map(annotation));
        const left = totals[severity] - shown.length;
        if (left > 0)
          lines.push(`and ${counted(left, `more ${severity}`)} (GitHub shows no more annotations of one step)`);
      }
      return lines.map((line) => `${line}\n`).join('');
    },
  };
}

/** The first of every rule, then the second of every rule, and so on; the rule with most findings leads. */
function inTurn(byRule: ReadonlyMap<string, readonly Diagnostic[]>, totals: ReadonlyMap<string, number>): Diagnostic[] {
  const rules = [...byRule.keys()].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  const rounds = Math.max(0, ...[...byRule.values()].map((diagnostics) => diagnostics.length));
  return Array.from({ length: rounds }, (_, round) => rules.flatMap((rule) => byRule.get(rule)?.[round] ?? [])).flat();
}

function annotation(diagnostic: Diagnostic): string {
  const { severity, rule, file, line, column, endLine, endColumn, help } = diagnostic;
  const properties = Object.entries({ title: rule, file, line, col: column, endLine, endColumn })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${propertyValue(String(value))}`)
    .join(',');
  // The log shows nothing but the message, so the place is repeated in it.
  const pointer = pointerText(diagnostic);
  const sentence = `${oneLine(file)}${lineAndColumn(diagnostic)} ${oneLine(diagnostic.message)}${pointer === undefined ? '' : ` at ${pointer}`}`;
  const message = help === undefined ? sentence : `${sentence}\nhelp: ${oneLine(help)}`;
  return `::${COMMANDS[severity]} ${properties}::${messageData(message)}`;
}

// Source: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts (escapeData, escapeProperty)
function messageData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function propertyValue(text: string): string {
  const shown = text.split(/(\r|\n)/).map((part) => (part === '\r' || part === '\n' ? part : oneLine(part)));
  return messageData(shown.join('')).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Markdown for `$GITHUB_STEP_SUMMARY`: figures and rule ids, nothing of the data. */
export function githubStepSummary(report: Report): string {
  const byRule = Object.entries(report.byRule).sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));
  const quoted = (file: string) => `\`${oneLine(file).replaceAll('`', "'")}\``;
  const files = fileLines(
    report,
    ({ file, examples, bytes }) => `${quoted(file)}: ${counted(examples, 'example')}, ${size(bytes)}`,
  );
  return [
    `### tunegate: ${quoted(report.file)} ${report.ok ? 'ok' : 'has errors'}`,
    '',
    `${counted(report.errors, 'error')} · ${counted(report.warnings, 'warning')} · ${counted(report.infos, 'info')}`,
    '',
    [
      ...fileCount(report),
      counted(report.examples, 'example'),
      size(report.bytes),
      ...(report.tokens ? [`${large(report.tokens.total)} tokens`] : []),
    ].join(' · '),
    '',
    ...(files.length === 0 ? [] : [...files.map((line) => `- ${line}`), '']),
    ...(byRule.length === 0
      ? []
      : [
          '| rule | findings |',
          '|---|---:|',
          ...byRule.map(([rule, total]) => `| ${rule} | ${count(total ?? 0)} |`),
          '',
        ]),
    '',
  ].join('\n');
}
