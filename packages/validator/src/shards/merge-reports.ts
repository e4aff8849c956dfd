import { blankFindings } from '../blank-run.js';
import { namedModel } from '../check-parts.js';
import type { Diagnostic } from '../diagnostic.js';
import { ReportMergeError } from '../errors.js';
import { createFingerprintOrdinals } from '../fingerprint.js';
import type { ExampleFingerprints } from '../formats/example-fingerprints.js';
import type { OverflowRoom } from '../formats/fingerprint-overflow.js';
import type { FormatName } from '../formats/index.js';
import { createReportCollector, type Report, type Shard } from '../report.js';
import { createReporter } from '../reporter.js';
import { reportMissingMark } from '../rules/file/findings.js';
import type { AnyRuleId, Finding } from '../rules/index.js';
import type { LinePlace } from '../rules/rule.js';
import type { DatasetRun } from '../rules/run.js';
import { defaultEpochs } from '../tokens/epochs.js';
import { createTokenCollector } from '../tokens/statistics.js';
import { readFingerprints } from './fingerprint-file.js';
import type { PlacedTally } from './merge-state.js';
import { classOf } from './rule-class.js';
import { datasetRun, joinReports, readingStates, type Whole } from './whole.js';

/** What the report of several files is called. */
const MERGED = '<merged>';
const DEFAULT_MAX_DIAGNOSTICS = 1_000;
/** Lines are remembered in 32 bits. */
const MAX_LINES = 2 ** 32 - 1;

/** Options of a merge that reads something besides the reports. */
export interface MergeOptions {
  /** How many diagnostics the report keeps; totals stay exact. @default 1000 */
  readonly maxDiagnostics?: number;
  /**
   * Opens the fingerprints of a file, as `onFingerprints` of its check got them: then the examples of different files are
   * compared with each other. Read once, in the order of the files. @default they are not compared
   */
  readonly fingerprints?: (shard: Shard) => AsyncIterable<Uint8Array>;
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
  const merge = createReportMerge(reports, {}, undefined);
  for (const [index, report] of reports.entries()) {
    for (const diagnostic of report.diagnostics) merge.keep(index, diagnostic);
  }
  merge.end();
  return merge.report();
}

/** Merges reports, and compares the examples of different files where their fingerprints can be read. */
export async function mergeShards(
  reports: readonly Report[],
  options: MergeOptions,
  overflow: OverflowRoom | undefined,
): Promise<Report> {
  const { diagnosticsOf = ({ diagnostics }) => diagnostics, signal, fingerprints, collectFingerprints } = options;
  let waits: Promise<void>[] = [];
  const settle = async () => {
    signal?.throwIfAborted();
    if (waits.length === 0) return;
    await Promise.all(waits);
    waits = [];
  };
  const merge = createReportMerge(reports, options, (diagnostic) => {
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
    await merge.compare({ fingerprints, collectFingerprints, pause: settle, overflow });
  }
  merge.end();
  await settle();
  return merge.report();
}

interface Comparison {
  readonly fingerprints: (shard: Shard) => AsyncIterable<Uint8Array>;
  readonly collectFingerprints: ExampleFingerprints | undefined;
  readonly pause: () => Promise<void>;
  readonly overflow: OverflowRoom | undefined;
}

/** Makes the report of the whole. */
interface ReportMerge {
  /** Takes a diagnostic of a report, if it still holds for the whole. */
  keep(index: number, diagnostic: Diagnostic): void;
  /** Compares the examples of all files with each other. */
  compare(comparison: Comparison): Promise<void>;
  /** Finds what only the whole shows. */
  end(): void;
  report(): Report;
}

function createReportMerge(
  reports: readonly Report[],
  options: MergeOptions,
  onDiagnostic: ((diagnostic: Diagnostic) => void) | undefined,
): ReportMerge {
  const whole = joinReports(reports, options.trainingFingerprints);
  const { state, main, shards, examples } = whole;
  const { maxDiagnostics = DEFAULT_MAX_DIAGNOSTICS } = options;
  const isComparing = options.fingerprints !== undefined;
  const kept: Diagnostic[] = [];
  const show = (diagnostic: Diagnostic) => {
    if (kept.length < maxDiagnostics) kept.push(diagnostic);
    onDiagnostic?.(diagnostic);
  };
  const collector = createReportCollector(0);
  const ordinals = createFingerprintOrdinals();
  const reporter = createReporter(whole.options, MERGED, {
    wants: () => true,
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
  const reportCompared = (finding: Finding, { line, example }: LinePlace) => {
    report(lines.inShards(finding), { ...lines.at(line ?? 1), example: example ?? 0, pointer: '' });
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
  let dataset: DatasetRun | undefined;
  let comparison: NonNullable<Report['comparison']> = 'within-shards';

  const countBlanks = () => {
    const countAs = (rule: 'line/blank' | 'line/trailing-blank', count: number) => {
      const { severity } = whole.options.severityOf(rule);
      if (severity !== 'off' && count > 0) collector.count(rule, severity, count);
    };
    if (examples === 0) return;
    countAs('line/blank', state.blankFindings + blankFindings(state.leadingBlanks));
    countAs('line/trailing-blank', Math.min(1, state.trailingBlanks));
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

    async compare({ fingerprints, collectFingerprints, pause, overflow }) {
      if (whole.lines > MAX_LINES) {
        throw new ReportMergeError(MERGED, `${whole.lines} lines are more than can be compared with each other`);
      }
      const run = datasetRun(whole.options, main, overflow);
      dataset = run;
      comparison = 'across-shards';
      for (const [index, shard] of shards.entries()) {
        if (shard.format !== main.choice.format || shard.format === 'unknown') continue;
        const before = lines.before(index);
        await readFingerprints(fingerprints(shard), {
          name: shard.fingerprints ?? `of ${shard.file}`,
          sha256: shard.sha256,
          pause,
          take({ line, example, whole: fingerprint, prompt, answer }) {
            const place = { line: before + line, example };
            collectFingerprints?.add(fingerprint, shard.file, line);
            run.recorded(
              {
                line: before + line,
                fingerprint,
                ...(prompt === undefined || answer === undefined ? {} : { prompt, answer }),
                place: () => place,
                isSameAs: () => true,
                hasPromptOf: () => true,
              },
              (finding) => reportCompared(finding, place),
            );
          },
        });
      }
    },

    end() {
      countBlanks();
      if (examples === 0) {
        if (state.wasRead) report({ rule: 'file/empty', params: { bytes: whole.bytes } });
        return;
      }
      if (!state.startsWithMark) reportMissingMark(reporter.atBytes, whole.options.target, shards[0]!.file);
      if (state.crlfLines > 0) report({ rule: 'file/crlf', params: { lines: state.crlfLines } });
      reportFormats(whole, report);
      const run = dataset ?? datasetRun(whole.options, main);
      const facts = {
        examples,
        epochs: defaultEpochs(examples) ?? 1,
        isSame: () => true,
        hasSamePrompt: () => true,
      };
      readingStates(MERGED, () => {
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
        file: MERGED,
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
      const total = merged.errors + merged.warnings + merged.infos;
      return { ...merged, diagnostics: kept, truncated: kept.length < total, shards, comparison };
    },
  };
}

/** Reports what is wrong with the format: of examples in files of one format, and of files among each other. */
function reportFormats({ main, state: { parts } }: Whole, report: (finding: Finding, place?: LinePlace) => void): void {
  for (const { unknown, choice } of parts) {
    if (unknown === undefined) continue;
    const { looksLike } = choice;
    const params = { count: unknown.count, ...(looksLike === undefined ? {} : { looksLike }) };
    report({ rule: 'format/unknown', params }, unknown.first);
  }
  const { mismatchAt, choice } = main;
  const { format } = choice;
  if (mismatchAt !== undefined && choice.mismatch !== undefined) {
    report({ rule: 'format/method-mismatch', params: choice.mismatch }, mismatchAt);
  }
  if (format === 'unknown') return;
  const strays = new Map<FormatName, PlacedTally>(main.strays);
  const add = (found: FormatName, { first, count }: PlacedTally) => {
    const known = strays.get(found);
    strays.set(found, known === undefined ? { first, count } : { first: known.first, count: known.count + count });
  };
  for (const part of parts) {
    const other = part.choice.format;
    if (part === main || part.checked === undefined || other === 'unknown') continue;
    add(other, part.checked);
    for (const [found, tally] of part.strays) {
      // Of the right format, in a file of the wrong one: they were not checked.
      if (found === format)
        report({ rule: 'format/mixed', params: { format: other, found, count: tally.count } }, tally.first);
      else add(found, tally);
    }
  }
  for (const [found, { first, count }] of strays) {
    report({ rule: 'format/mixed', params: { format, found, count } }, first);
  }
}

/** The lines of all files, numbered on. */
function createShardLines(shards: readonly Shard[]) {
  const starts: number[] = [];
  let lines = 0;
  for (const shard of shards) {
    starts.push(lines);
    lines += shard.lines;
  }
  const at = (line: number): { readonly file: string; readonly line: number } => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! < line) low = middle;
      else high = middle - 1;
    }
    return { file: shards[low]!.file, line: line - starts[low]! };
  };
  return {
    before: (index: number) => starts[index]!,
    at,
    /** The finding with lines as they are numbered in their files. */
    inShards(finding: Finding): Finding {
      if (finding.rule === 'dataset/duplicate') {
        const { line, file } = at(finding.params.firstLine);
        return { rule: finding.rule, params: { firstLine: line, file } };
      }
      if (finding.rule === 'dataset/conflicting-answers') {
        const places = finding.params.lines.map(at);
        const [inFile, files] = [places.map(({ line }) => line), places.map(({ file }) => file)];
        return { rule: finding.rule, params: { lines: inFile, files, hasMore: finding.params.hasMore } };
      }
      return finding;
    },
  };
}
