import type { Diagnostic, DiagnosticFields, Fix, Severity } from './diagnostic.js';
import { cutExcerpt } from './excerpt.js';
import { findingFingerprint } from './fingerprint.js';
import { createLocator, type Span } from './json/locate.js';
import { type JsonPath, toPointer } from './json/path.js';
import type { NormalizedOptions } from './options.js';
import { utf8Length } from './reader/utf8.js';
import { guarded } from './rules/custom.js';
import { ruleDocsUrl } from './rules/docs-url.js';
import { type AnyRuleId, type Finding, rules } from './rules/index.js';
import type { LinePlace } from './rules/rule.js';

/** A physical line as far as findings need it. */
export interface LineText {
  /** From 1. */
  readonly number: number;
  /** Offset in the file of the first byte of `text`: behind the byte order mark, where there is one. */
  readonly byteStart: number;
  /** Without its line break. */
  readonly text: string;
  /** Number of the example, from 1; absent for a blank line. */
  readonly example?: number;
  /** Bytes of the text; absent where they do not matter. */
  readonly byteLength?: number;
  /** Where that is not the file at hand: the dataset may be several files. */
  readonly file?: string;
}

/** A finding in a line. */
interface PlacedFinding {
  readonly finding: Finding;
  /** Its place in the line; looked for by its path when it is absent. */
  readonly span?: Span;
  /** Absent where there is no value to point into. */
  readonly path?: JsonPath;
  /** What of the path is meant. @default 'value' */
  readonly at?: 'key' | 'value';
  /** A range of the file to delete, where that mends the finding. */
  readonly deletion?: readonly [start: number, end: number];
}

/** Where diagnostics go. */
export interface ReportSink {
  /** Whether diagnostics of this rule are to be made; if not, they are only counted. */
  wants(rule: AnyRuleId): boolean;
  /** Takes a diagnostic. Equal findings in equal examples have the same fingerprint. */
  add(diagnostic: Diagnostic): void;
  /** Counts a diagnostic that was not made. */
  count(rule: AnyRuleId, severity: Severity): void;
}

/** Makes diagnostics out of findings: resolves severities, words, places. */
export interface Reporter {
  /** What the dataset is called in diagnostics. */
  readonly file: string;
  /** Reports what was found in one line, in the order of the columns. */
  inLine(line: LineText, findings: readonly PlacedFinding[]): void;
  /** Reports what is known by its place alone, the text not being at hand. */
  atBytes(finding: Finding, place: LinePlace & { readonly fix?: Fix }): void;
  /** Reports what is true of the file as a whole. */
  aboutFile(finding: Finding): void;
  /** Whether anybody wants to know: rules that are off need not be run. */
  isOn(id: AnyRuleId): boolean;
}

/** What the reporter has of a rule, whatever its parameters. */
interface AnyRule {
  readonly id: AnyRuleId;
  message(params: unknown): string;
  help?(params: unknown): string | undefined;
  soften?(params: unknown): DiagnosticFields['severity'] | undefined;
  fix?(params: unknown, source: string): { readonly safety: Fix['safety']; readonly text: string } | undefined;
}

// A finding and the rule of its id always agree on the parameters; that link is lost in a table of all rules.
const catalogue: ReadonlyMap<AnyRuleId, AnyRule> = new Map(rules.map((rule) => [rule.id, rule as unknown as AnyRule]));

/** @param sink - Gets every diagnostic whose rule is on. */
export function createReporter(options: NormalizedOptions, file: string, sink: ReportSink): Reporter {
  const ruleById = new Map<AnyRuleId, AnyRule>(catalogue);
  for (const rule of options.customRules) ruleById.set(rule.id, guarded(rule));

  const severityOf = ({ rule, params }: Finding): Severity | 'off' => {
    const { severity, isSetByUser } = options.severityOf(rule);
    if (severity === 'off' || isSetByUser) return severity;
    return ruleById.get(rule)!.soften?.(params) ?? severity;
  };

  /** Counts the finding when nobody wants to see it. @returns Whether somebody does. */
  const isWanted = (finding: Finding): boolean => {
    if (sink.wants(finding.rule)) return true;
    const severity = severityOf(finding);
    if (severity !== 'off') sink.count(finding.rule, severity);
    return false;
  };

  const report = (finding: Finding, content: string, place: Partial<DiagnosticFields>) => {
    const rule = ruleById.get(finding.rule)!;
    const severity = severityOf(finding);
    if (severity === 'off') return;
    const help = rule.help?.(finding.params);
    sink.add({
      rule: finding.rule,
      severity,
      message: rule.message(finding.params),
      ...(help === undefined ? {} : { help }),
      file,
      ...place,
      params: finding.params,
      ...(catalogue.has(finding.rule) ? { url: ruleDocsUrl(finding.rule) } : {}),
      fingerprint: findingFingerprint(finding.rule, place.pointer ?? '', content),
    } as Diagnostic);
  };

  return {
    file,
    inLine(line, findings) {
      const locate = createLocator(line.text);
      const placed: (PlacedFinding & { readonly span: Span })[] = [];
      for (const found of findings) {
        if (!isWanted(found.finding)) continue;
        placed.push({ ...found, span: found.span ?? locate(found.path ?? [], found.at ?? 'value') });
      }
      if (placed.length > 1) {
        placed.sort((a, b) => a.span.start - b.span.start || compareText(a.finding.rule, b.finding.rule));
      }
      // They come in the order of their columns: the bytes of a line are counted once.
      let counted = 0;
      let bytesBefore = line.byteStart;
      for (const { finding, span, path, deletion } of placed) {
        bytesBefore += utf8Length(line.text, counted, span.start);
        counted = span.start;
        const byteOffset = [bytesBefore, bytesBefore + utf8Length(line.text, span.start, span.end)] as const;
        const fix =
          deletion === undefined
            ? fixOf(ruleById.get(finding.rule), finding, line, span, byteOffset)
            : deletionOf(deletion);
        report(finding, line.text, {
          ...(line.file === undefined ? {} : { file: line.file }),
          line: line.number,
          column: span.start + 1,
          endLine: line.number,
          endColumn: span.end + 1,
          byteOffset,
          ...(path === undefined ? {} : { pointer: toPointer(path), ...messageIndexOf(path) }),
          ...(line.example === undefined ? {} : { example: line.example }),
          ...(fix === undefined ? {} : { fix }),
          ...(options.excerpts ? { excerpt: cutExcerpt(line.text, span) } : {}),
        });
      }
    },
    atBytes(finding, place) {
      if (!isWanted(finding)) return;
      // Where in its line, not where in the file: other lines may come and go.
      const [start, end] = place.byteOffset ?? [0, 0];
      report(finding, `${place.column},${end - start}`, place);
    },
    aboutFile(finding) {
      if (isWanted(finding)) report(finding, '', {});
    },
    isOn: (id) => options.severityOf(id).severity !== 'off',
  };
}

function fixOf(
  rule: AnyRule | undefined,
  finding: Finding,
  line: LineText,
  span: Span,
  byteOffset: readonly [number, number],
): Fix | undefined {
  const found = rule?.fix?.(finding.params, line.text.slice(span.start, span.end));
  return found === undefined ? undefined : { safety: found.safety, edits: [{ byteOffset, text: found.text }] };
}

/** The fix that takes a range of bytes away. */
export function deletionOf(byteOffset: readonly [start: number, end: number]): Fix {
  return { safety: 'safe', edits: [{ byteOffset, text: '' }] };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Where something stands, for a finding that is made later.
 *
 * @param span - The part of the line that is meant. @param path - The value that it is.
 */
export function placeInLine(line: LineText, span: Span, path: JsonPath): LinePlace {
  return {
    line: line.number,
    column: span.start + 1,
    endLine: line.number,
    endColumn: span.end + 1,
    byteOffset: byteRange(line, span),
    pointer: toPointer(path),
    ...messageIndexOf(path),
    ...(line.example === undefined ? {} : { example: line.example }),
  };
}

function byteRange(line: LineText, span: Span): readonly [number, number] {
  const start = line.byteStart + utf8Length(line.text, 0, span.start);
  return [start, start + utf8Length(line.text, span.start, span.end)];
}

/** Messages are numbered from 1, as the provider numbers them: "Example 12, message 3". */
function messageIndexOf(path: JsonPath): { messageIndex?: number } {
  const list = path[0] === 'input' ? 1 : 0;
  const index = path[list + 1];
  return path[list] === 'messages' && typeof index === 'number' ? { messageIndex: index + 1 } : {};
}
