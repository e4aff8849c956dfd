import { blankFindings } from '../blank-run.js';
import type { FormatChoice } from '../formats/choose.js';
import type { DatasetFacts } from '../merge.js';
import type { NormalizedOptions } from '../options.js';
import type { Model } from '../targets/models.js';
import type { TokenCounts } from '../tokens/statistics.js';
import type { FileEdges } from './file-edges.js';
import { fingerprintHash, hexFingerprint } from './fingerprint-hash.js';
import { type FormatPart, MERGE_VERSION, type MergeSettings, type MergeState, type RuleCount } from './merge-state.js';
import { classOf } from './rule-class.js';

/** What is known at the end of a check. */
export interface CheckFacts {
  readonly options: NormalizedOptions;
  /** The model that was named, when something is known of it. */
  readonly model: Model | undefined;
  readonly wasRead: boolean;
  readonly edges: FileEdges;
  /** Absent where there was no example. */
  readonly choice: FormatChoice | undefined;
  readonly facts: DatasetFacts;
  readonly counts: readonly RuleCount[];
  readonly tokens: TokenCounts;
  readonly encoding: string | undefined;
}

/** Makes of what a check knows what a report needs to be merged with others. */
export function createMergeState(check: CheckFacts): MergeState {
  const { wasRead, counts, choice } = check;
  const edges = wasRead ? check.edges : { ...check.edges, leading: 0, trailing: 0 };
  const { crlfLines, ...facts } = check.facts;
  const ofBlanks = counts.find(({ rule }) => rule === 'line/blank')?.count ?? 0;
  const of = (...classes: string[]) => counts.filter(({ rule }) => classes.includes(classOf(rule)));
  return {
    version: MERGE_VERSION,
    hash: fingerprintHash(),
    settings: settingsOf(check.options, check.model),
    wasRead,
    startsWithMark: edges.startsWithMark,
    leadingBlanks: edges.leading,
    trailingBlanks: edges.trailing,
    blankFindings: Math.max(0, ofBlanks - (choice === undefined ? 0 : blankFindings(edges.leading))),
    crlfLines,
    counts: of('line'),
    parts: [
      {
        kind: kindOf(choice, facts),
        choice: choice ?? { format: 'unknown', reason: 'there are no examples' },
        ...facts,
        counts: of('example', 'model', 'record'),
        ...(check.encoding === undefined || check.tokens.byCount.length === 0
          ? {}
          : { tokens: { ...check.tokens, encoding: check.encoding } }),
      },
    ],
  };
}

function kindOf(
  choice: FormatChoice | undefined,
  { checked, unknown, strays }: Pick<FormatPart, 'checked' | 'unknown' | 'strays'>,
): FormatPart['kind'] {
  if (choice === undefined) return 'none';
  return checked === undefined && unknown === undefined && strays.length === 0 ? 'unread' : choice.format;
}

function settingsOf(options: NormalizedOptions, model: Model | undefined): MergeSettings {
  const { limits, select, ignore, severities, models, grader, extraKeys, customRules = [] } = options.given;
  const isKnown = (pattern: string) => !pattern.startsWith('custom/');
  const sorted = (patterns: readonly string[]) => [...patterns].sort();
  const ofCatalogue = Object.entries(severities ?? {}).filter(([pattern]) => isKnown(pattern));
  const named = model === undefined || models === undefined ? [] : [model];
  const ownRules = customRules.map(({ id }) => `${id} ${options.severityOf(id).severity}`);
  return {
    target: options.target.name,
    split: options.split,
    tokens: options.tokens,
    ...(limits === undefined ? {} : { limits }),
    ...(options.parts === 'always' ? { parts: options.parts } : {}),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(named.length === 0 ? {} : { models: named }),
    ...(options.method === undefined ? {} : { method: options.method }),
    ...(select === undefined ? {} : { select: sorted(select.filter(isKnown)) }),
    ...(ignore === undefined || ignore.length === 0 ? {} : { ignore: sorted(ignore.filter(isKnown)) }),
    ...(ofCatalogue.length === 0 ? {} : { severities: Object.fromEntries(ofCatalogue) }),
    others: hexFingerprint({ grader, extraKeys, ownRules: ownRules.sort(), maxLineBytes: options.maxLineBytes }),
  };
}
