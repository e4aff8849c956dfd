import type { FormatChoice } from './formats/choose.js';
import { createFingerprinter } from './formats/fingerprint.js';
import { detectFormat, type FormatName } from './formats/index.js';
import { hasDeclaredCalls } from './formats/tool-calls.js';
import { inspectLine } from './json/inspect.js';
import { locatePath } from './json/locate.js';
import type { JsonPath } from './json/path.js';
import type { NormalizedOptions } from './options.js';
import { type LineText, placeInLine, type Reporter } from './reporter.js';
import { withoutSilenced } from './rules/precedence.js';
import type { RuleContext } from './rules/rule.js';
import { type DatasetRun, prepareRules, type RuleFinding, type RuleRun } from './rules/run.js';
import { withoutAllowed } from './shape/allowed.js';
import { createArgumentSchemas } from './shape/argument-schemas.js';
import type { ExtraKeys } from './shape/extra-keys.js';
import { checkShape, fitsShape, isFaultyPath, type ShapeFault, withoutFaults } from './shape/shape.js';
import type { Model } from './targets/models.js';
import { countExampleTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';
import { defaultEpochs } from './tokens/epochs.js';
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
  const fingerprinter = createFingerprinter();
  const isCheckingArguments = reporter.isOn('tools/arguments-mismatch');
  const prepared = prepareRules(reporter.isOn, options.customRules);
  const strays = new Map<FormatName, Tally>();
  const limit = maxExampleTokens === undefined ? {} : { maxExampleTokens };
  let choice: FormatChoice = { format: 'unknown', reason: '' };
  let run: RuleRun = prepared('chat');
  let dataset: DatasetRun = run.dataset({ ...datasetContext, format: 'unknown' });
  let unknown: Tally | undefined;
  let mismatchAt: LineText | undefined;
  let current: LineText | undefined;
  const placeOfCurrent = () => placeInLine(current!, locatePath(current!.text, [], 'value'));

  const find = (format: FormatName, line: number, value: object): RuleFinding[] => {
    const findings: RuleFinding[] = [];
    const found = (finding: RuleFinding) => findings.push(finding);
    const all = extraKeys === undefined ? checkShape(format, value) : checkShapeWith(extraKeys, format, value);
    const faults = all.length === 0 ? all : withoutAllowed(all, target, value);
    findings.push(...faults);
    const example = faults.length === 0 ? value : withoutFaults(value, faults);
    const isFaulty = (path: JsonPath) => isFaultyPath(path, faults);
    const context: RuleContext = { target, format, argumentSchemas, graderFields, isFaulty };
    run.example(example, context, found);
    const counted = counter === undefined ? undefined : countExampleTokens(format, example, counter);
    if (counted !== undefined) {
      tokens.add(counted.total, counted.trained);
      run.tokens({ ...context, ...limit, tokens: counted }, found);
    }
    fingerprinter.forget();
    if (faults.length === 0) collect?.add(fingerprinter.of(example), reporter.file, line);
    dataset.example(
      {
        line,
        place: placeOfCurrent,
        example,
        isFaulty: faults.length > 0,
        fingerprint: fingerprinter.of,
        ...(counted === undefined ? {} : { tokens: counted }),
      },
      found,
    );
    return withoutSilenced(findings);
  };

  return {
    begin(chosen) {
      choice = chosen;
      if (choice.format !== 'unknown') run = prepared(choice.format);
      dataset = run.dataset({ ...datasetContext, format: choice.format });
    },

    whenReady(value) {
      if (!isCheckingArguments || argumentSchemas.isLoaded || !hasDeclaredCalls(value)) return undefined;
      return argumentSchemas.load();
    },

    example(line, value) {
      const { format } = choice;
      const inspected = inspectLine(line.text, value);
      if (format === 'unknown') {
        if (inspected.length > 0) reporter.inLine(line, inspected);
        if (detectFormat(value) === undefined) unknown = tally(unknown, line);
        return;
      }
      if (choice.mismatch !== undefined) mismatchAt ??= line;
      const other = detectFormat(value);
      const isStray = other !== undefined && other !== format && !(format === 'reinforcement' && other === 'chat');
      if (isStray && fitsShape(other, value)) {
        strays.set(other, tally(strays.get(other), line));
        if (inspected.length > 0) reporter.inLine(line, inspected);
        return;
      }
      current = line;
      const findings = find(format, line.number, value);
      if (findings.length === 0 && inspected.length === 0) return;
      const place = (found: RuleFinding) => ({ ...found, span: locatePath(line.text, found.path, found.at) });
      reporter.inLine(line, [...inspected, ...findings.map(place)]);
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
