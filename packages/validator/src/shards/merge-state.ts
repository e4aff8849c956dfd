import type { Severity } from '../diagnostic.js';
import type { FormatChoice } from '../formats/choose.js';
import type { FormatName } from '../formats/index.js';
import type { Method } from '../options.js';
import type { AnyRuleId } from '../rules/index.js';
import type { LinePlace } from '../rules/rule.js';
import type { TargetName } from '../targets/index.js';
import type { Model } from '../targets/models.js';
import type { TargetLimits } from '../targets/target.js';
import type { TokenCounts } from '../tokens/statistics.js';

/** Moves when merge states of one version cannot be merged with those of another. */
export const MERGE_VERSION = 2;

/** How many findings of a rule have a severity. */
export interface RuleCount {
  readonly rule: AnyRuleId;
  readonly severity: Severity;
  readonly count: number;
}

/** The first of several examples that have something in common, and how many there are. */
export interface PlacedTally {
  readonly count: number;
  readonly first: LinePlace;
}

/** The options of a check that decide what is found: only reports of the same ones can be merged. */
export interface MergeSettings {
  readonly target: TargetName;
  readonly limits?: TargetLimits;
  /** Absent where it is decided by the size. */
  readonly parts?: 'always';
  readonly model?: string;
  /** What is known of that model, where the caller said so. */
  readonly models?: readonly Model[];
  readonly method?: Method;
  readonly split: 'train' | 'valid';
  readonly tokens: 'exact' | 'off';
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  /** What the other ones share: a fingerprint of the grader, the schema of extra keys, the ids of own rules, the cap on lines. */
  readonly others: string;
}

/** What was found in the files of one format. */
export interface FormatPart {
  /** `none`: of no example; `unread`: of examples none of which could be read, so that their format is a guess. */
  readonly kind: FormatName | 'unknown' | 'unread' | 'none';
  readonly choice: FormatChoice;
  /** Examples of this format. */
  readonly checked?: PlacedTally;
  /** Examples of no known format. */
  readonly unknown?: PlacedTally;
  /** Examples of other formats in these files. */
  readonly strays: readonly (readonly [format: FormatName, tally: PlacedTally])[];
  /** The first example of a format that the method does not take. */
  readonly mismatchAt?: LinePlace;
  /** Of rules that look at examples of a known format; of rules about the model, those of the first file. */
  readonly counts: readonly RuleCount[];
  readonly tokens?: TokenCounts & { readonly encoding: string };
  /** What the dataset rules keep, by their ids. */
  readonly states: Readonly<Record<string, unknown>>;
}

/** What a report carries so that it can be merged with others: plain data, nothing of the texts. */
export interface MergeState {
  readonly version: typeof MERGE_VERSION;
  /** By which hash fingerprints were made: those of different ones cannot be compared. */
  readonly hash: string;
  readonly settings: MergeSettings;
  /** Whether all of it was read as lines, so that no examples means none. */
  readonly wasRead: boolean;
  readonly startsWithMark: boolean;
  /** Blank lines at both ends; see `FileEdges`. */
  readonly leadingBlanks: number;
  readonly trailingBlanks: number;
  /** Findings about blank lines between examples. */
  readonly blankFindings: number;
  readonly crlfLines: number;
  /** Of rules that look at files and at lines. */
  readonly counts: readonly RuleCount[];
  /** By format, in the order of their first files. */
  readonly parts: readonly FormatPart[];
}
