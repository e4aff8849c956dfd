import type { Diagnostic, Severity } from './diagnostic.js';
import type { FormatName } from './formats/index.js';
import type { AnyRuleId } from './rules/index.js';
import { SCHEMA_VERSION } from './schema-version.js';
import type { MergeState, RuleCount } from './shards/merge-state.js';
import type { TargetName } from './targets/index.js';
import { MODELS_DATED, type Model } from './targets/models.js';
import { defaultEpochs } from './tokens/epochs.js';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** How many tokens the examples have. */
export interface TokenStatistics {
  /** The name of the byte-pair encoding, for example `o200k_base`. */
  readonly encoding: string;
  /** Tokens of all examples. */
  readonly total: number;
  /** Tokens that are trained on. */
  readonly trained: number;
  /** Per example that could be counted; `mean` is rounded to a tenth, percentiles are of the nearest rank. */
  readonly perExample: {
    readonly min: number;
    readonly mean: number;
    readonly p50: number;
    readonly p95: number;
    readonly max: number;
  };
  /** The examples that could be counted. */
  readonly examples: number;
  /** Providers publish no exact formula for a whole example; only the count of a text is exact. */
  readonly isEstimate: true;
}

/** What a training run costs by the model's published price: tokens × epochs × price. */
export interface CostEstimate {
  readonly currency: 'USD';
  readonly estimate: number;
  /** The day the price was read, YYYY-MM-DD. */
  readonly pricedAt: string;
}

/** One of the files whose reports were merged. */
export interface Shard {
  /** As the caller named it. */
  readonly file: string;
  readonly bytes: number;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  readonly lines: number;
  readonly examples: number;
  readonly format: Report['format'];
  /** What was found in this file by itself. */
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** The file of its fingerprints, as its report names it. */
  readonly fingerprints?: string;
}

/** What a check found out about one dataset. */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** The file as the caller named it; `<stdin>` or `<stream>` where there is no name. */
  readonly file: string;
  /** No errors. */
  readonly ok: boolean;
  readonly target: TargetName;
  /** The model that was named, if one was. */
  readonly model?: string;
  readonly format: FormatName | 'unknown';
  /** Why the format was taken, in a few words. */
  readonly formatReason: string;
  /** Size; that of what is inside, when the file is compressed; of all files together, when reports were merged. */
  readonly bytes: number;
  /** Physical lines. */
  readonly lines: number;
  /** Lines that are not blank. */
  readonly examples: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Exact totals, whatever was kept or shown. */
  readonly byRule: Readonly<Partial<Record<AnyRuleId, number>>>;
  /** At most `maxDiagnostics` of them, in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether there were more diagnostics than `diagnostics` holds. */
  readonly truncated: boolean;
  /** Of all these bytes, in lower-case hexadecimal; empty when reports were merged: each of `shards` has its own. */
  readonly sha256: string;
  /** Absent with `tokens: 'off'` and when no example could be counted. */
  readonly tokens?: TokenStatistics;
  /** The epochs the provider would choose by itself; absent when there is no example. */
  readonly epochs?: number;
  /** Absent unless the model has a published price and tokens were counted. */
  readonly cost?: CostEstimate;
  readonly durationMs: number;
  /** The file that the fingerprints of the examples were written to, if they were. */
  readonly fingerprints?: string;
  /** The files whose reports were merged, in their order; absent when the report is of one file. */
  readonly shards?: readonly Shard[];
  /** Whether examples of different shards were compared with each other. Absent when the report is of one file. */
  readonly comparison?: 'across-shards' | 'within-shards';
  /** What it takes to merge the report with others: plain data, nothing of the texts. */
  readonly merge?: MergeState;
}

/** What the collector does not count itself. */
interface ReportFacts {
  readonly file: string;
  readonly target: TargetName;
  readonly model: string | undefined;
  /** The named model, when something is known of it. */
  readonly pricing: Model | undefined;
  readonly format: Report['format'];
  readonly formatReason: string;
  readonly bytes: number;
  readonly lines: number;
  readonly examples: number;
  readonly sha256: string;
  readonly tokens: TokenStatistics | undefined;
  readonly durationMs: number;
  readonly merge: MergeState;
}

/** Counts diagnostics and keeps the first of them. */
export interface ReportCollector {
  add(diagnostic: Diagnostic): void;
  /** Counts diagnostics that were not made. */
  count(rule: AnyRuleId, severity: Severity, times: number): void;
  readonly errors: number;
  /** All counts. */
  counts(): readonly RuleCount[];
  report(facts: ReportFacts): Report;
}

/** @param maxDiagnostics - How many are kept; all are counted. */
export function createReportCollector(maxDiagnostics: number): ReportCollector {
  const counts = { error: 0, warning: 0, info: 0 };
  const byRule = new Map<AnyRuleId, Record<Severity, number>>();
  const kept: Diagnostic[] = [];
  let isTruncated = false;
  const tally = (rule: AnyRuleId, severity: Severity, times: number) => {
    counts[severity] += times;
    const ofRule = byRule.get(rule);
    if (ofRule === undefined) byRule.set(rule, { error: 0, warning: 0, info: 0, [severity]: times });
    else ofRule[severity] += times;
  };
  return {
    get errors() {
      return counts.error;
    },
    counts: () =>
      // In an order that does not depend on what was found first.
      [...byRule]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([rule, ofRule]) =>
          SEVERITIES.flatMap((severity): RuleCount[] =>
            ofRule[severity] === 0 ? [] : [{ rule, severity, count: ofRule[severity] }],
          ),
        ),
    count(rule, severity, times) {
      tally(rule, severity, times);
      isTruncated = true;
    },
    add(diagnostic) {
      tally(diagnostic.rule, diagnostic.severity, 1);
      if (kept.length < maxDiagnostics) kept.push(diagnostic);
      else isTruncated = true;
    },
    report({ model, pricing, tokens, examples, ...facts }) {
      const epochs = defaultEpochs(examples);
      const cost = estimateCost(pricing, tokens, epochs);
      return {
        schemaVersion: SCHEMA_VERSION,
        ok: counts.error === 0,
        ...facts,
        examples,
        errors: counts.error,
        warnings: counts.warning,
        infos: counts.info,
        // In an order that does not depend on what was found first.
        byRule: Object.fromEntries(
          [...byRule]
            .map(([rule, { error, warning, info }]) => [rule, error + warning + info] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
        diagnostics: kept,
        truncated: isTruncated,
        ...(model === undefined ? {} : { model }),
        ...(tokens === undefined ? {} : { tokens }),
        ...(epochs === undefined ? {} : { epochs }),
        ...(cost === undefined ? {} : { cost }),
      };
    },
  };
}

function estimateCost(
  model: Model | undefined,
  tokens: TokenStatistics | undefined,
  epochs: number | undefined,
): CostEstimate | undefined {
  if (model?.pricePerMillion === undefined || tokens === undefined || epochs === undefined) return undefined;
  const estimate = (tokens.total / 1_000_000) * epochs * model.pricePerMillion;
  return { currency: 'USD', estimate: Math.round(estimate * 100) / 100, pricedAt: MODELS_DATED };
}
