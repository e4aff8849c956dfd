import type { Diagnostic, Severity } from './diagnostic.js';
import type { ExampleRecords } from './formats/example-records.js';
import type { FormatName } from './formats/index.js';
import type { LineText, ReportSink } from './reporter.js';
import type { AnyRuleId } from './rules/index.js';

/** The first of several lines with the same finding, and how many there are. */
export interface Tally {
  readonly first: LineText;
  readonly count: number;
}

/** Diagnostics that were counted and not made, because nobody would see them. */
export interface Unmade {
  readonly rule: AnyRuleId;
  readonly severity: Severity;
  readonly count: number;
}

/**
 * What was found in some lines in a row. Plain data, which can be sent from thread to thread: the findings of a dataset
 * are its batches, put together in the order of the file.
 */
export interface Batch {
  /** In the order of the file; of equal ones in equal examples all have the same fingerprint. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unmade: readonly Unmade[];
  readonly lines: number;
  readonly examples: number;
  readonly crlfLines: number;
  /** Examples of the format of the dataset, whether their shape is right or not. */
  readonly checked: Tally | undefined;
  /** Examples of no known format. */
  readonly unknown: Tally | undefined;
  /** Examples of other formats than that of the dataset. */
  readonly strays: readonly (readonly [format: FormatName, tally: Tally])[];
  /** The first example of a format that the method does not take. */
  readonly mismatchAt: LineText | undefined;
  /** Tokens of each example that could be counted, in pairs: all, and those that are trained on. */
  readonly tokens: Float64Array;
  /** What the dataset rules keep of these examples, in the order of the rules. */
  readonly states: readonly unknown[];
  readonly records: ExampleRecords | undefined;
}

/** A batch that grows. */
export interface BatchBuilder extends ReportSink {
  lines: number;
  examples: number;
  crlfLines: number;
  /** What the dataset rules keep; they change it. */
  states: unknown[];
  checked(line: LineText): void;
  /** So many more examples were checked, after one. */
  checkedMore(count: number): void;
  readonly hasChecked: boolean;
  unknown(line: LineText): void;
  stray(format: FormatName, line: LineText): void;
  mismatch(line: LineText): void;
  tokens(total: number, trained: number): void;
  /** Ends the batch and begins the next. @param records - Of its examples. @param states - Of the next batch. */
  take(records: ExampleRecords | undefined, states: unknown[]): Batch;
}

/** @param limit - So many diagnostics of a rule are made at most for a batch. */
export function createBatchBuilder(limit: number): BatchBuilder {
  let diagnostics: Diagnostic[] = [];
  let made = new Map<AnyRuleId, number>();
  let unmade = new Map<string, { rule: AnyRuleId; severity: Severity; count: number }>();
  let checked: { first: LineText; count: number } | undefined;
  let unknown: { first: LineText; count: number } | undefined;
  let strays = new Map<FormatName, { first: LineText; count: number }>();
  let mismatchAt: LineText | undefined;
  let tokens = new Float64Array(128);
  let tokenNumbers = 0;

  return {
    lines: 0,
    examples: 0,
    crlfLines: 0,
    states: [],
    wants: (rule) => limit === Number.POSITIVE_INFINITY || (made.get(rule) ?? 0) < limit,
    add(diagnostic) {
      diagnostics.push(diagnostic);
      if (limit !== Number.POSITIVE_INFINITY) made.set(diagnostic.rule, (made.get(diagnostic.rule) ?? 0) + 1);
    },
    count(rule, severity) {
      const key = `${rule} ${severity}`;
      const known = unmade.get(key);
      if (known === undefined) unmade.set(key, { rule, severity, count: 1 });
      else known.count += 1;
    },
    checked(line) {
      if (checked !== undefined) {
        checked.count += 1;
        return;
      }
      // A copy: of a line that is only scanned nothing is left later.
      const { number, byteStart, text, example = 0 } = line;
      checked = { first: { number, byteStart, text, example }, count: 1 };
    },
    checkedMore(more) {
      checked!.count += more;
    },
    get hasChecked() {
      return checked !== undefined;
    },
    unknown(line) {
      if (unknown === undefined) unknown = { first: line, count: 1 };
      else unknown.count += 1;
    },
    stray(format, line) {
      const known = strays.get(format);
      if (known === undefined) strays.set(format, { first: line, count: 1 });
      else known.count += 1;
    },
    mismatch(line) {
      mismatchAt ??= line;
    },
    tokens(total, trained) {
      if (tokenNumbers === tokens.length) {
        const larger = new Float64Array(tokens.length * 2);
        larger.set(tokens);
        tokens = larger;
      }
      tokens[tokenNumbers] = total;
      tokens[tokenNumbers + 1] = trained;
      tokenNumbers += 2;
    },
    take(records, states) {
      const batch: Batch = {
        diagnostics,
        unmade: [...unmade.values()],
        lines: this.lines,
        examples: this.examples,
        crlfLines: this.crlfLines,
        checked,
        unknown,
        strays: [...strays],
        mismatchAt,
        tokens: tokens.subarray(0, tokenNumbers),
        states: this.states,
        records,
      };
      this.lines = 0;
      this.examples = 0;
      this.crlfLines = 0;
      this.states = states;
      diagnostics = [];
      made = new Map();
      unmade = new Map();
      checked = undefined;
      unknown = undefined;
      strays = new Map();
      mismatchAt = undefined;
      tokenNumbers = 0;
      return batch;
    },
  };
}
