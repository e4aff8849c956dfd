import { blankFindings } from '../blank-run.js';
import { namedModel } from '../check-parts.js';
import type { Diagnostic } from '../diagnostic.js';
import { createFingerprintOrdinals } from '../fingerprint.js';
import type { ExampleFingerprints } from '../formats/example-fingerprints.js';
import type { OverflowRoom } from '../formats/fingerprint-overflow.js';
import type { LineAgain } from '../reader/second-look.js';
import { createReportCollector, type Report, type Shard } from '../report.js';
import { createReporter } from '../reporter.js';
import { reportFileSize, reportMissingMark } from '../rules/file/findings.js';
import type { AnyRuleId, Finding } from '../rules/index.js';
import type { LinePlace } from '../rules/rule.js';
import { defaultEpochs } from '../tokens/epochs.js';
import { createTokenCollector } from '../tokens/statistics.js';
import { type Comparison, type ComparisonParts, compareShards } from './comparison.js';
import { reportShardFormats } from './format-findings.js';
import { classOf } from './rule-class.js';
import { createShardLines } from './shard-lines.js';
import { datasetRun, joinReports, readingStates } from './whole.js';

const DEFAULT_MAX_DIAGNOSTICS = 1_000;
const DEFAULT_NAME = '<merged>';

/** Options of a merge that reads something besides the reports. */
export interface MergeOptions {
  /** What the report calls the whole. @default '<merged>' */
  readonly name?: string;
  /** How many diagnostics the report keeps; totals stay exact. @default 1000 */
  readonly maxDiagnostics?: number;
  /**
   * Opens the fingerprints of a file, as `onFingerprints` of its check got them: then the examples of different files are
   * compared with each other. Read once, in the order of the files. @default they are not compared
   */
  readonly fingerprints?: (shard: Shard, index: number) => AsyncIterable<Uint8Array>;
  /** Gets the fingerprints of all examples, to hold validation files against. @default none */
  readonly collectFingerprints?: ExampleFingerprints;
  /** The fingerprints of the training files: equal examples are dataset/leakage. @default none */
  readonly trainingFingerprints?: ExampleFingerprints;
  /** The diagnostics of a report, where it does not hold them itself. @default its own */
  readonly diagnosticsOf?: (report: Report) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;
  /** Gets every diagnostic: those of the reports, then those of the whole. Merging waits for a promise that it returns. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void | Promise<void>;
  /** Ends the merge early: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Merges reports.
 *
 * @throws {ReportMergeError} When they are of different targets, models or other options, or hold too little.
 */
export function mergeStates(reports: readonly Report[]): Report {
  const merge = createReportMerge(reports, {}, {}, undefined);
  for (const [index, report] of reports.entries()) {
    for (const diagnostic of report.diagnostics) merge.keep(index, diagnostic);
  }
  merge.end();
  return merge.report();
}

/** What a merge takes from its surroundings. */
export interface MergeRoom {
  readonly overflow?: OverflowRoom;
  /** A line as it stands in its file; `undefined` where that cannot be read again. @default none can */
  readonly lineAt?: (shard: number, line: number) => LineAgain | undefined;
  /** Whether diagnostics carry the text around the finding, where that can be read again. @default false */
  readonly excerpts?: boolean;
  /** Whether diagnostics of this rule are to be made; if not, they are only counted. @default all are */
  readonly wants?: (rule: AnyRuleId) => boolean;
}

/** Merges reports, and compares the examples of different files where their fingerprints can be read. */
export async function mergeShards(reports: readonly Report[], options: MergeOptions, room: MergeRoom): Promise<Report> {
  const { diagnosticsOf = ({ diagnostics }) => diagnostics, signal, fingerprints, collectFingerprints } = options;
  let waits: Promise<void>[] = [];
  const settle = async () => {
    signal?.throwIfAborted();
    if (waits.length === 0) return;
    await Promise.all(waits);
    waits = [];
  };
  const merge = createReportMerge(reports, options, room, (diagnostic) => {
    const wait = options.onDiagnostic?.(diagnostic);
    if (wait !== undefined) waits.push(wait);
  });
  for (const [index, report] of reports.entries()) {
    for (const diagnostic of await diagnosticsOf(report)) {
      merge.keep(index, diagnostic);
      if (waits.length > 0) await settle();
    }
  }
  if (fingerprints !== undefined) {
    const { overflow, lineAt } = room;
    const textOf = (shard: number, line: number) => lineAt?.(shard, line)?.text;
    await merge.compare({ fingerprints, collectFingerprints, pause: settle, overflow, textOf });
  }
  merge.end();
  await settle();
  return merge.report();
}

/** Makes the report of the whole. */
interface ReportMerge {
  /** Takes a diagnostic of a report, if it still holds for the whole. */
  keep(index: number, diagnostic: Diagnostic): void;
  /** Compares the examples of all files with each other. */
  compare(parts: ComparisonParts): Promise<void>;
  /** Finds what only the whole shows. */
  end(): void;
  report(): Report;
}

function createReportMerge(
  reports: readonly Report[],
  options: MergeOptions,
  { lineAt, excerpts = false, wants = () => true }: MergeRoom,
  onDiagnostic: ((diagnostic: Diagnostic) => void) | undefined,
): ReportMerge {
  const whole = joinReports(reports, options.trainingFingerprints);
  const { state, main, shards, examples } = whole;
  const { name = DEFAULT_NAME, maxDiagnostics = DEFAULT_MAX_DIAGNOSTICS } = options;
  const isComparing = options.fingerprints !== undefined;
  const kept: Diagnostic[] = [];
  const show = (diagnostic: Diagnostic) => {
    if (kept.length < maxDiagnostics) kept.push(diagnostic);
    onDiagnostic?.(diagnostic);
  };
  const collector = createReportCollector(0);
  const ordinals = createFingerprintOrdinals();
  const reporter = createReporter({ ...whole.options, excerpts }, name, {
    wants,
    count: (rule, severity) => collector.count(rule, severity, 1),
    add(diagnostic) {
      collector.add(diagnostic);
      show({ ...diagnostic, fingerprint: ordinals.next(diagnostic.fingerprint) });
    },
  });
  const report = (finding: Finding, place?: LinePlace) => {
    if (place === undefined) reporter.aboutFile(finding);
    else reporter.atBytes(finding, place);
  };
  const lines = createShardLines(shards);
  /** Reports what was found between examples of different files, whose lines are numbered on. */
  const reportCompared = (finding: Finding, place: LinePlace) => {
    const { shard, file, line } = lines.at(place.line ?? 1);
    const example = place.example ?? 0;
    const found = lines.inShards(finding);
    const again = wants(finding.rule) ? lineAt?.(shard, line) : undefined;
    if (again === undefined) return report(found, { file, line, example, pointer: '' });
    const text = again.text.endsWith('\r') ? again.text.slice(0, -1) : again.text;
    const lineText = { file, number: line, byteStart: again.byteStart, text, example };
    reporter.inLine(lineText, [{ finding: found, path: [] }]);
  };

  /** Whether the findings of a rule in each of the files are thrown away, because they are looked for in all of them. */
  const isFoundAnew = (rule: AnyRuleId) =>
    classOf(rule) === 'record' &&
    isComparing &&
    (rule !== 'dataset/leakage' || options.trainingFingerprints !== undefined);
  for (const { rule, severity, count } of [...state.counts, ...main.counts]) {
    if (!isFoundAnew(rule)) collector.count(rule, severity, count);
  }

  const formats = new Map(shards.map(({ file, format }) => [file, format]));
  const lastFull = reports.findLastIndex((each) => each.examples > 0);
  const modelSaid = new Set<AnyRuleId>();
  let comparison: Comparison | undefined;

  const countBlanks = () => {
    const countAs = (rule: 'line/blank' | 'line/trailing-blank', count: number) => {
      const { severity } = whole.options.severityOf(rule);
      if (severity !== 'off' && count > 0) collector.count(rule, severity, count);
    };
    if (examples === 0) return;
    countAs('line/blank', state.blankFindings + blankFindings(state.leadingBlanks));
    countAs('line/trailing-blank', Math.min(1, state.trailingBlanks));
  };

  const reportSizes = () => {
    const { target, parts } = whole.options;
    const isInParts = parts === 'always';
    const files = shards.length;
    if (files === 1 || target.trainsOnSeveralFiles) {
      for (const { file, bytes } of shards) {
        reportFileSize((finding) => report(finding, { file }), { bytes, target, isInParts });
      }
    } else reportFileSize(report, { bytes: whole.bytes, target, isInParts, files });
  };

  return {
    keep(index, diagnostic) {
      const { rule, file } = diagnostic;
      switch (classOf(rule)) {
        case 'line':
          break;
        case 'example':
          if (formats.get(file) !== main.choice.format) return;
          break;
        case 'record':
          if (isFoundAnew(rule) || formats.get(file) !== main.choice.format) return;
          break;
        case 'model':
          if (modelSaid.has(rule) || !main.counts.some((each) => each.rule === rule)) return;
          modelSaid.add(rule);
          break;
        case 'whole':
          // Behind these lines stand those of the next file.
          if (rule !== 'line/blank' && (rule !== 'line/trailing-blank' || index !== lastFull)) return;
      }
      show(diagnostic);
    },

    async compare(parts) {
      comparison = await compareShards(name, whole, lines, parts, reportCompared);
    },

    end() {
      countBlanks();
      reportSizes();
      if (examples === 0) {
        if (state.wasRead) report({ rule: 'file/empty', params: { bytes: whole.bytes } });
        return;
      }
      if (!state.startsWithMark) reportMissingMark(reporter.atBytes, whole.options.target, shards[0]!.file);
      if (state.crlfLines > 0) report({ rule: 'file/crlf', params: { lines: state.crlfLines } });
      reportShardFormats(whole, report);
      const run = comparison?.run ?? datasetRun(whole.options, main);
      const facts = {
        examples,
        epochs: defaultEpochs(examples) ?? 1,
        ...(comparison?.looks ?? { isSame: () => true, hasSamePrompt: () => true }),
      };
      readingStates(name, () => {
        run.end(run.unpack(main.states), facts, (finding, place) => {
          if (place !== undefined && classOf(finding.rule) === 'record') reportCompared(finding, place);
          else report(finding, place);
        });
      });
    },

    report() {
      const tokens = createTokenCollector();
      if (main.tokens !== undefined) tokens.join(main.tokens);
      const merged = collector.report({
        file: name,
        target: whole.options.target.name,
        model: whole.options.model,
        pricing: namedModel(whole.options),
        format: main.choice.format,
        formatReason: main.choice.reason,
        bytes: whole.bytes,
        lines: whole.lines,
        examples,
        sha256: '',
        tokens: main.tokens === undefined ? undefined : tokens.statistics(main.tokens.encoding),
        durationMs: whole.durationMs,
        merge: state,
      });
      const compared = comparison === undefined ? 'within-shards' : 'across-shards';
      const total = merged.errors + merged.warnings + merged.infos;
      return { ...merged, diagnostics: kept, truncated: kept.length < total, shards, comparison: compared };
    },
  };
}
