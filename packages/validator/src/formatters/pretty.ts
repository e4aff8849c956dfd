import type { Diagnostic } from '../diagnostic.js';
import type { Report } from '../report.js';
import { createCaps, type HiddenFindings } from './caps.js';
import { excerptFrame } from './excerpt-frame.js';
import { count, counted, large, seconds, size } from './figures.js';
import { fileCount, fileLines } from './files-of.js';
import type { Formatter, FormatterOptions } from './formatter.js';
import { createPaint, type Paint } from './paint.js';
import { lineAndColumn, pointerText } from './place.js';
import { fileNameLine, oneLine } from './terminal-text.js';

/**
 * For people at a terminal: a frame around each finding, with the place in the line when diagnostics carry excerpts.
 * Shows 3 findings of each rule and 100 in all by default.
 */
export function pretty(options: FormatterOptions = {}): Formatter {
  const caps = createCaps(options.maxErrors ?? 100, options.maxPerRule ?? 3);
  const paint = createPaint(options.color ?? false);
  return {
    wantedPerRule: caps.wanted,
    diagnostic: (diagnostic) => (caps.admits(diagnostic) ? `${frame(diagnostic, paint)}\n` : ''),
    report(report) {
      const { hidden } = caps.endDataset(report.byRule);
      const isClean = report.errors + report.warnings + report.infos === 0;
      if (isClean && options.quiet) return '';
      return (
        hidden.map((entry) => moreLine(entry, paint)).join('') + (hidden.length > 0 ? '\n' : '') + footer(report, paint)
      );
    },
    end: () => '',
  };
}

function frame(diagnostic: Diagnostic, paint: Paint): string {
  const number = diagnostic.line === undefined ? '' : String(diagnostic.line);
  const gutter = ' '.repeat(number.length);
  const bar = paint.frame(`${gutter} |`);
  const excerpt = diagnostic.excerpt && excerptFrame(diagnostic.excerpt);
  const place = `${oneLine(diagnostic.file)}${lineAndColumn(diagnostic)}`;
  const length =
    excerpt?.isCut && diagnostic.excerpt
      ? paint.faint(`  (a line of ${counted(diagnostic.excerpt.lineLength, 'character')})`)
      : '';
  const lines = [
    `${paint.severity(diagnostic.severity, `${diagnostic.severity}[${diagnostic.rule}]`)} ${paint.strong(oneLine(diagnostic.message))}`,
    `${gutter}${paint.frame('-->')} ${place}${length}`,
  ];
  if (excerpt) {
    lines.push(bar);
    lines.push(`${paint.frame(`${number} |`)} ${excerpt.text}`.trimEnd());
    lines.push(`${bar} ${paint.severity(diagnostic.severity, excerpt.marks)}`);
    lines.push(bar);
  }
  for (const [label, text] of notes(diagnostic))
    lines.push(`${gutter} ${paint.frame('=')} ${paint.strong(`${label}:`)} ${text}`);
  return `${lines.join('\n')}\n`;
}

function* notes(diagnostic: Diagnostic): Generator<readonly [label: string, text: string]> {
  const { example, messageIndex, line, help, url } = diagnostic;
  const pointer = pointerText(diagnostic);
  if (pointer !== undefined) yield ['at', pointer];
  if (example !== undefined && example !== line) {
    yield [
      'example',
      messageIndex === undefined ? count(example) : `${count(example)}, message ${count(messageIndex)}`,
    ];
  }
  if (help !== undefined) yield ['help', oneLine(help)];
  if (url !== undefined) yield ['docs', url];
}

function moreLine({ rule, count: hidden, lines, flags }: HiddenFindings, paint: Paint): string {
  const named =
    lines.length === 0
      ? ''
      : ` (line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}${hidden > lines.length ? ' …' : ''})`;
  return `… ${rule}: ${count(hidden)} more${named}   ${paint.faint(`see all: ${flags.join(' ')}`)}\n`;
}

function footer(report: Report, paint: Paint): string {
  const name = fileNameLine(report.file);
  const { tokens } = report;
  const extent = [...fileCount(report), counted(report.examples, 'example'), size(report.bytes)];
  const files = fileLines(report, ({ file, examples, bytes }) =>
    [fileNameLine(file), counted(examples, 'example'), size(bytes)].join('  '),
  ).map((line) => `  ${line}\n`);
  if (report.ok) {
    return `${[
      `${name} ${paint.good('ok')}`,
      ...extent,
      ...(tokens ? [`${large(tokens.total)} tokens`] : []),
      ...tally(report, paint),
      `(${seconds(report.durationMs)})`,
    ].join('  ')}\n${files.join('')}`;
  }
  const lines = [
    [
      paint.strong(name),
      ...extent,
      ...(tokens
        ? [
            `${large(tokens.total)} tokens (${tokens.encoding}${tokens.isEstimate ? ', estimate' : ''})`,
            `${large(tokens.trained)} trained`,
          ]
        : []),
    ].join('  '),
    `  ${tally(report, paint).join('   ')}`,
  ];
  if (tokens) {
    const { min, p50, p95, max } = tokens.perExample;
    lines.push(`  tokens/example  min ${count(min)}  median ${count(p50)}  p95 ${count(p95)}  max ${count(max)}`);
  }
  return `${lines.join('\n')}\n${files.join('')}checked in ${seconds(report.durationMs)}\n`;
}

function tally({ errors, warnings, infos }: Report, paint: Paint): string[] {
  return [
    ...(errors > 0 ? [paint.severity('error', counted(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint.severity('warning', counted(warnings, 'warning'))] : []),
    ...(infos > 0 ? [paint.severity('info', counted(infos, 'info'))] : []),
  ];
}
