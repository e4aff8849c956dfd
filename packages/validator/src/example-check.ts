import type { FormatChoice } from './formats/choose.js';
import { detectFormat, type FormatName } from './formats/index.js';
import { hasDeclaredCalls } from './formats/tool-calls.js';
import { type InspectedFinding, inspectLine } from './json/inspect.js';
import { createLocator, locatePath, type Span } from './json/locate.js';
import type { JsonPath } from './json/path.js';
import { createLineFacts, type LineBytes } from './line-facts.js';
import type { NormalizedOptions } from './options.js';
import type { LineText, Reporter } from './reporter.js';
import type { Finding } from './rules/index.js';
import { withoutSilenced } from './rules/precedence.js';
import type { RuleContext } from './rules/rule.js';
import { type DatasetRun, prepareRules, type RuleFinding, type RuleRun } from './rules/run.js';
import { ALL_TRAITS } from './rules/traits.js';
import { SeenExample } from './seen-example.js';
import { createArgumentSchemas } from './shape/argument-schemas.js';
import type { ExtraKeys } from './shape/extra-keys.js';
import { checkShape, fitsShape, isFaultyPath, type ShapeFault, withoutFaults } from './shape/shape.js';
import type { Model } from './targets/models.js';
import { countExampleTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';
import { defaultEpochs } from './tokens/epochs.js';
import type { ExampleTokens } from './tokens/example-tokens.js';
import type { TokenCollector } from './tokens/statistics.js';

/** Everything that a check needs from outside. */
export interface ExampleCheckParts {
  readonly options: NormalizedOptions;
  readonly reporter: Reporter;
  /** Absent when tokens are not counted. */
  readonly counter: TokenCounter | undefined;
  /** The model that was named; absent when none was, or nothing is known of it. */
  readonly model?: Model | undefined;
  readonly maxExampleTokens: number | undefined;
  /** Keys that are allowed beside those of the format. */
  readonly extraKeys?: ExtraKeys | undefined;
  readonly tokens: TokenCollector;
}

/** Checks parsed examples, once it is known of which format they are. */
export interface ExampleCheck {
  begin(choice: FormatChoice): void;
  /**
   * Checks a line without parsing it, where a scan of its bytes shows that no rule for examples finds anything: a chat of
   * plain texts in their usual order, and nothing else. In a clean file most lines are.
   *
   * @returns `done` when that is done, `parse` when the line is to be decoded and parsed, `broken` when parsing it will fail.
   */
  scan(line: LineBytes): 'done' | 'parse' | 'broken';
  /** What must be waited for before this example can be checked; `undefined` when nothing must. */
  whenReady(value: object): Promise<void> | undefined;
  example(line: LineText, value: object): void;
  /** Reports what is wrong with the format, in the first line that shows it. */
  endFormat(): void;
  /** Reports what only all examples together show. */
  end(examples: number): void;
}

/** The first of several lines with the same finding, and how many there are. */
interface Tally {
  readonly first: LineText;
  count: number;
}

/** Shape → rules → tokens, for one example after the other. */
export function createExampleCheck({
  options,
  reporter,
  counter,
  model,
  maxExampleTokens,
  extraKeys,
  tokens,
}: ExampleCheckParts): ExampleCheck {
  const { target, split, graderFields, trainingFingerprints: training, collectFingerprints: collect } = options;
  const datasetContext = { target, model, split, training };
  const argumentSchemas = createArgumentSchemas();
  const facts = createLineFacts(target.limits.maxMessageCharacters);
  const isCheckingArguments = reporter.isOn('tools/arguments-mismatch');
  const prepared = prepareRules(reporter.isOn, options.customRules);
  const strays = new Map<FormatName, Tally>();
  const limit = maxExampleTokens === undefined ? {} : { maxExampleTokens };
  let choice: FormatChoice = { format: 'unknown', reason: '' };
  let run: RuleRun = prepared('chat');
  let dataset: DatasetRun = run.dataset({ ...datasetContext, format: 'unknown' });
  let unknown: Tally | undefined;
  let mismatchAt: LineText | undefined;
  /** Whether what a scan tells is enough for most examples. */
  let isScanEnough = false;
  const seen = new SeenExample();
  let findings: RuleFinding[] = [];
  const found = (finding: RuleFinding) => findings.push(finding);

  const count = (context: RuleContext, example: object): ExampleTokens | undefined => {
    if (counter === undefined) return undefined;
    const counted = countExampleTokens(context.format, example, counter);
    tokens.add(counted.total, counted.trained);
    run.tokens({ ...context, ...limit, tokens: counted }, found);
    return counted;
  };

  const findInDataset = (format: FormatName, line: LineText, counted: ExampleTokens | undefined) => {
    seen.tokens = counted;
    if (!seen.isFaulty) {
      seen.takeRecord(facts.makeRecord(format), facts.record);
      collect?.add(seen.fingerprint, reporter.file, line.number);
    }
    dataset.example(seen, found);
  };

  const find = (format: FormatName, line: LineText, value: object) => {
    const isCertain = format === 'chat' && extraKeys === undefined && facts.isPlainChat;
    const faults = isCertain ? NO_FAULTS : faultsOf(format, value, extraKeys);
    for (const fault of faults) findings.push(fault);
    const isFaulty = faults.length > 0;
    const example = isFaulty ? withoutFaults(value, faults) : value;
    // Of a preference the scan knows no traits.
    const isKnown = format === 'chat' || format === 'reinforcement';
    const traits = isKnown ? facts.traits : ALL_TRAITS;
    let counted: ExampleTokens | undefined;
    if (counter !== undefined || !run.isQuiet(traits)) {
      const context: RuleContext = {
        target,
        format,
        argumentSchemas,
        graderFields,
        isFaulty: isFaulty ? (path: JsonPath) => isFaultyPath(path, faults) : isNeverFaulty,
      };
      run.example(example, traits, context, found);
      counted = count(context, example);
    }
    seen.begin(line, example);
    seen.isFaulty = isFaulty;
    seen.traits = isKnown && !isFaulty ? traits : undefined;
    findInDataset(format, line, counted);
  };

  const report = (line: LineText, inspected: readonly InspectedFinding[]) => {
    const locate = createLocator(line.text);
    const placed: { finding: Finding; span: Span; path: JsonPath }[] = [...inspected];
    for (const { finding, path, at } of withoutSilenced(findings))
      placed.push({ finding, path, span: locate(path, at) });
    reporter.inLine(line, placed);
  };

  return {
    begin(chosen) {
      choice = chosen;
      if (choice.format !== 'unknown') run = prepared(choice.format);
      dataset = run.dataset({ ...datasetContext, format: choice.format });
      isScanEnough = choice.format === 'chat' && choice.mismatch === undefined && extraKeys === undefined;
    },

    scan(line) {
      if (!isScanEnough) return 'parse';
      if (!facts.scan(line)) return facts.isBroken ? 'broken' : 'parse';
      if (!run.isQuiet(facts.traits)) return 'parse';
      // A counter wants the texts.
      const example = counter === undefined ? undefined : facts.plainChat();
      if (counter !== undefined && example === undefined) return 'parse';
      if (findings.length > 0) findings = [];
      let counted: ExampleTokens | undefined;
      if (example !== undefined) {
        const context = { target, format: 'chat', argumentSchemas, graderFields, isFaulty: isNeverFaulty } as const;
        counted = count(context, example);
      }
      seen.begin(line, example);
      seen.isFaulty = false;
      seen.traits = facts.traits;
      findInDataset('chat', line, counted);
      if (findings.length > 0) report(line, []);
      return 'done';
    },

    whenReady(value) {
      if (!isCheckingArguments || argumentSchemas.isLoaded || !hasDeclaredCalls(value)) return undefined;
      return argumentSchemas.load();
    },

    example(line, value) {
      const { format } = choice;
      facts.read(line, value);
      const inspected = facts.hidesSomething ? inspectLine(line.text, value) : NOTHING_HIDDEN;
      if (format === 'unknown') {
        if (inspected.length > 0) reporter.inLine(line, [...inspected]);
        if (detectFormat(value) === undefined) unknown = tally(unknown, line);
        return;
      }
      if (choice.mismatch !== undefined) mismatchAt ??= line;
      const other = detectFormat(value);
      const isStray = other !== undefined && other !== format && !(format === 'reinforcement' && other === 'chat');
      if (isStray && fitsShape(other, value)) {
        strays.set(other, tally(strays.get(other), line));
        if (inspected.length > 0) reporter.inLine(line, [...inspected]);
        return;
      }
      if (findings.length > 0) findings = [];
      find(format, line, value);
      if (findings.length > 0 || inspected.length > 0) report(line, inspected);
    },

    endFormat() {
      const wholeLine = (line: LineText) => ({ span: locatePath(line.text, [], 'value'), path: [] });
      if (unknown !== undefined) {
        const params = {
          count: unknown.count,
          ...(choice.looksLike === undefined ? {} : { looksLike: choice.looksLike }),
        };
        reporter.inLine(unknown.first, [{ finding: { rule: 'format/unknown', params }, ...wholeLine(unknown.first) }]);
      }
      if (mismatchAt !== undefined && choice.mismatch !== undefined) {
        const finding = { rule: 'format/method-mismatch', params: choice.mismatch } as const;
        reporter.inLine(mismatchAt, [{ finding, ...wholeLine(mismatchAt) }]);
      }
      for (const [found, { first, count }] of strays) {
        const finding = { rule: 'format/mixed', params: { format: choice.format, found, count } } as const;
        reporter.inLine(first, [{ finding, ...wholeLine(first) }]);
      }
    },

    end(examples) {
      dataset.end({ examples, epochs: defaultEpochs(examples) ?? 1 }, (finding, place) => {
        if (place === undefined) reporter.aboutFile(finding);
        else reporter.atBytes(finding, place);
      });
    },
  };
}

const NO_FAULTS: readonly ShapeFault[] = [];
const NOTHING_HIDDEN: readonly InspectedFinding[] = [];

function isNeverFaulty(): boolean {
  return false;
}

function faultsOf(format: FormatName, value: object, extraKeys: ExtraKeys | undefined): readonly ShapeFault[] {
  return extraKeys === undefined ? checkShape(format, value) : checkShapeWith(extraKeys, format, value);
}

/** The faults of the shape, where a user's schema says what else an example may have. */
function checkShapeWith(extraKeys: ExtraKeys, format: FormatName, value: object): ShapeFault[] {
  const isAllowed = ({ finding, path }: ShapeFault) =>
    finding.rule === 'example/unknown-key' && extraKeys.has(String(path[0]));
  return [...checkShape(format, value).filter((found) => !isAllowed(found)), ...extraKeys.check(value)];
}

function tally(before: Tally | undefined, line: LineText): Tally {
  if (before === undefined) return { first: line, count: 1 };
  before.count += 1;
  return before;
}
