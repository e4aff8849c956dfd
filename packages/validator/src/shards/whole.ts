import { blankFindings } from '../blank-run.js';
import { namedModel } from '../check-parts.js';
import { ReportMergeError } from '../errors.js';
import { datasetContext } from '../example-check.js';
import type { ExampleFingerprints } from '../formats/example-fingerprints.js';
import type { OverflowRoom } from '../formats/fingerprint-overflow.js';
import type { FormatName } from '../formats/index.js';
import { type NormalizedOptions, normalizeOptions } from '../options.js';
import type { Report, Shard } from '../report.js';
import { type DatasetRun, prepareRules } from '../rules/run.js';
import { createTokenCollector } from '../tokens/statistics.js';
import { fingerprintHash, WRITTEN_WORDS } from './fingerprint-hash.js';
import { type FormatPart, MERGE_VERSION, type MergeState, type PlacedTally, type RuleCount } from './merge-state.js';
import { classOf } from './rule-class.js';

/** What several files together are, before anything is found in them. */
export interface Whole {
  readonly options: NormalizedOptions;
  readonly state: MergeState;
  /** The part whose format the whole is taken for. */
  readonly main: FormatPart;
  readonly shards: readonly Shard[];
  readonly lines: number;
  readonly examples: number;
  readonly bytes: number;
  readonly durationMs: number;
}

/**
 * Puts the states of reports together, in their order.
 *
 * @throws {ReportMergeError} When one of them cannot be merged with the others.
 */
export function joinReports(reports: readonly Report[], training?: ExampleFingerprints): Whole {
  const first = reports[0];
  if (first === undefined) throw new ReportMergeError('', 'there is no report to merge');
  const states = reports.map(stateOf);
  for (const [index, report] of reports.entries()) expectSameSettings(first, states[0]!, report, states[index]!);
  const options = optionsOf(states[0]!, first, training);
  let state = states[0]!;
  let { lines, examples, bytes, durationMs } = first;
  for (const [index, report] of reports.entries()) {
    if (index === 0) continue;
    const [before, extent] = [state, { lines, examples }];
    state = readingStates(report.file, () => join(before, extent, states[index]!, report, options));
    lines += report.lines;
    examples += report.examples;
    bytes += report.bytes;
    durationMs += report.durationMs;
  }
  const shards = reports.flatMap((report) => report.shards ?? [shardOf(report)]);
  return { options, state, main: mainPart(state.parts), shards, lines, examples, bytes, durationMs };
}

/**
 * Does what reads the states of rules. Each of them is its own rule's matter, so that nobody has looked at it when it
 * comes from a file.
 *
 * @throws {ReportMergeError} When that is not what the rule has written.
 */
export function readingStates<Out>(file: string, read: () => Out): Out {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ReportMergeError(file, `the report of ${file} is damaged`, { cause: error });
  }
}

/** The rules that look at all examples, for the files of one format. */
export function datasetRun(
  options: NormalizedOptions,
  { choice: { format } }: FormatPart,
  overflow?: OverflowRoom,
): DatasetRun {
  const isOn = (id: Parameters<NormalizedOptions['severityOf']>[0]) => options.severityOf(id).severity !== 'off';
  const context = datasetContext(options, namedModel(options), WRITTEN_WORDS, format);
  const run = prepareRules(isOn)(format === 'unknown' ? 'chat' : format);
  return run.dataset({ ...context, overflow });
}

function shardOf(report: Report): Shard {
  const { file, bytes, sha256, lines, examples, format, errors, warnings, infos, fingerprints } = report;
  const shard = { file, bytes, sha256, lines, examples, format, errors, warnings, infos };
  return fingerprints === undefined ? shard : { ...shard, fingerprints };
}

function stateOf({ file, merge }: Report): MergeState {
  if (merge === undefined) {
    throw new ReportMergeError(file, `the report of ${file} does not hold what it takes to merge it`);
  }
  if (merge.version !== MERGE_VERSION || merge.hash !== fingerprintHash()) {
    throw new ReportMergeError(file, `the report of ${file} was made by another version of tunegate; check it again`);
  }
  return merge;
}

/** What a setting is called in messages. */
const SETTING_NAMES: Readonly<Record<keyof MergeState['settings'], string>> = {
  target: 'targets',
  model: 'models',
  models: 'facts about the model',
  method: 'methods',
  split: 'splits (--train and --valid)',
  tokens: 'settings of "tokens"',
  limits: 'limits',
  parts: 'ways of sending (parts)',
  select: 'selected rules',
  ignore: 'ignored rules',
  severities: 'severities',
  others: 'graders, schemas of extra keys, rules of your own or longest lines',
};

function expectSameSettings(first: Report, one: MergeState, report: Report, other: MergeState): void {
  const differ = (what: string, a: unknown, b: unknown): void => {
    const [was, is] = [a, b].map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')));
    throw new ReportMergeError(
      report.file,
      `${first.file} and ${report.file} were checked with different ${what}: ${was} and ${is}`,
    );
  };
  for (const key of Object.keys(SETTING_NAMES) as (keyof MergeState['settings'])[]) {
    const [a, b] = [one.settings[key], other.settings[key]];
    if (JSON.stringify(a) !== JSON.stringify(b)) differ(SETTING_NAMES[key], a, b);
  }
  const encodings = [one, other].map(({ parts }) => parts.find(({ tokens }) => tokens !== undefined)?.tokens?.encoding);
  const [a, b] = encodings;
  if (a !== undefined && b !== undefined && a !== b) differ('encodings', a, b);
}

function optionsOf({ settings }: MergeState, { file }: Report, training?: ExampleFingerprints): NormalizedOptions {
  const { others: _, ...given } = settings;
  try {
    return normalizeOptions(training === undefined ? given : { ...given, trainingFingerprints: training });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ReportMergeError(file, `the report of ${file} was made with options that are not known here: ${reason}`);
  }
}

/** How sure it is that this is the format: a known one, then an unknown one, then a guess. */
function rankOf({ kind }: FormatPart): number {
  const rank = ['unknown', 'unread', 'none'].indexOf(kind);
  return rank + 1;
}

function mainPart(parts: readonly FormatPart[]): FormatPart {
  return parts.reduce((best, part) => (rankOf(part) < rankOf(best) ? part : best));
}

interface Extent {
  readonly lines: number;
  readonly examples: number;
}

function join(
  before: MergeState,
  extentBefore: Extent,
  later: MergeState,
  extentLater: Extent,
  options: NormalizedOptions,
): MergeState {
  const isBlankBefore = extentBefore.examples === 0;
  const isBlankLater = extentLater.examples === 0;
  const parts = new Map<FormatPart['kind'], FormatPart>(before.parts.map((part) => [part.kind, part]));
  for (const part of later.parts) {
    const known = parts.get(part.kind);
    parts.set(part.kind, known === undefined ? part : joinParts(known, part, options));
  }
  const between = isBlankBefore || isBlankLater ? 0 : blankFindings(before.trailingBlanks + later.leadingBlanks);
  return {
    ...before,
    wasRead: before.wasRead && later.wasRead,
    leadingBlanks: before.leadingBlanks + (isBlankBefore ? later.leadingBlanks : 0),
    trailingBlanks: later.trailingBlanks + (isBlankLater ? before.trailingBlanks : 0),
    blankFindings: before.blankFindings + between + later.blankFindings,
    crlfLines: before.crlfLines + later.crlfLines,
    counts: sumCounts(before.counts, later.counts),
    parts: [...parts.values()],
  };
}

function joinParts(before: FormatPart, later: FormatPart, options: NormalizedOptions): FormatPart {
  const run = datasetRun(options, before);
  const states = run.unpack(before.states);
  run.join(states, run.unpack(later.states));
  const strays = new Map<FormatName, PlacedTally>(before.strays);
  for (const [format, tally] of later.strays) strays.set(format, sum(strays.get(format), tally)!);
  const checked = sum(before.checked, later.checked);
  const unknown = sum(before.unknown, later.unknown);
  const tokens = createTokenCollector();
  if (before.tokens !== undefined) tokens.join(before.tokens);
  if (later.tokens !== undefined) tokens.join(later.tokens);
  const encoding = before.tokens?.encoding ?? later.tokens?.encoding;
  const mismatchAt = before.mismatchAt ?? later.mismatchAt;
  const { looksLike } = before.choice.looksLike === undefined ? later.choice : before.choice;
  return {
    kind: before.kind,
    choice: looksLike === undefined ? before.choice : { ...before.choice, looksLike },
    strays: [...strays],
    counts: sumCounts(
      before.counts,
      later.counts.filter(({ rule }) => classOf(rule) !== 'model'),
    ),
    // A copy, as plain as what came from a file: what is joined next must not change it.
    states: structuredClone(run.pack(states)),
    ...(checked === undefined ? {} : { checked }),
    ...(unknown === undefined ? {} : { unknown }),
    ...(mismatchAt === undefined ? {} : { mismatchAt }),
    ...(encoding === undefined ? {} : { tokens: { ...tokens.counts(), encoding } }),
  };
}

function sum(before: PlacedTally | undefined, later: PlacedTally | undefined): PlacedTally | undefined {
  if (before === undefined || later === undefined) return before ?? later;
  return { first: before.first, count: before.count + later.count };
}

function sumCounts(before: readonly RuleCount[], later: readonly RuleCount[]): RuleCount[] {
  const counts = new Map<string, RuleCount>(before.map((each) => [`${each.rule} ${each.severity}`, each]));
  for (const each of later) {
    const key = `${each.rule} ${each.severity}`;
    counts.set(key, { ...each, count: each.count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}
