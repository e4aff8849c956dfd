import type { Batch, BatchBuilder } from './batch.js';
import type { FormatChoice } from './formats/choose.js';
import { createExampleRecorder } from './formats/example-records.js';
import { createFingerprinter } from './formats/fingerprint.js';
import { detectFormat, type FormatName } from './formats/index.js';
import { hasDeclaredCalls } from './formats/tool-calls.js';
import { inspectLine } from './json/inspect.js';
import { locatePath } from './json/locate.js';
import type { JsonPath } from './json/path.js';
import type { NormalizedOptions } from './options.js';
import { type LineText, placeInLine, type Reporter } from './reporter.js';
import { withoutSilenced } from './rules/precedence.js';
import type { DatasetContext, RuleContext } from './rules/rule.js';
import { type DatasetRun, prepareRules, type RuleFinding, type RuleRun } from './rules/run.js';
import { createArgumentSchemas } from './shape/argument-schemas.js';
import type { ExtraKeys } from './shape/extra-keys.js';
import { checkShape, fitsShape, isFaultyPath, type ShapeFault, withoutFaults } from './shape/shape.js';
import type { Model } from './targets/models.js';
import { countExampleTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';

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
  /** Whether examples are recorded even when no rule of this thread compares them. */
  readonly isRecording: boolean;
  /** Words of a fingerprint; see `DatasetContext`. */
  readonly fingerprintWords: number;
  /** Whether the text of each recorded example is kept with its record, until that is taken. */
  readonly keepsTexts: boolean;
  /** Takes what is found. */
  readonly batch: BatchBuilder;
}

/** Checks parsed examples, once it is known of which format they are. */
export interface ExampleCheck {
  begin(choice: FormatChoice): void;
  /** What must be waited for before this example can be checked; `undefined` when nothing must. */
  whenReady(value: object): Promise<void> | undefined;
  example(line: LineText, value: object): void;
  /** What was found since the last call; valid until the next example is checked. */
  take(): Batch;
}

/** Shape → rules → tokens, for one example after the other. */
export function createExampleCheck({
  options,
  reporter,
  counter,
  model,
  maxExampleTokens,
  extraKeys,
  isRecording,
  fingerprintWords,
  keepsTexts,
  batch,
}: ExampleCheckParts): ExampleCheck {
  const { target, graderFields } = options;
  const argumentSchemas = createArgumentSchemas();
  const recorder = createExampleRecorder(createFingerprinter(), fingerprintWords, keepsTexts);
  const isCheckingArguments = reporter.isOn('tools/arguments-mismatch');
  const prepared = prepareRules(reporter.isOn, options.customRules);
  const limit = maxExampleTokens === undefined ? {} : { maxExampleTokens };
  let choice: FormatChoice = { format: 'unknown', reason: '' };
  let run: RuleRun = prepared('chat');
  let dataset: DatasetRun = run.dataset(datasetContext(options, model, fingerprintWords, 'unknown'));
  batch.states = dataset.start();
  let current: LineText | undefined;
  const placeOfCurrent = (path: JsonPath = []) => ({
    file: reporter.file,
    ...placeInLine(current!, locatePath(current!.text, path, 'value'), path),
  });

  const find = (format: FormatName, line: LineText, value: object): RuleFinding[] => {
    const findings: RuleFinding[] = [];
    const found = (finding: RuleFinding) => findings.push(finding);
    const faults = extraKeys === undefined ? checkShape(format, value) : checkShapeWith(extraKeys, format, value);
    findings.push(...faults);
    const example = faults.length === 0 ? value : withoutFaults(value, faults);
    const isFaulty = (path: JsonPath) => isFaultyPath(path, faults);
    const context: RuleContext = { target, format, argumentSchemas, graderFields, isFaulty };
    run.example(example, context, found);
    const counted = counter === undefined ? undefined : countExampleTokens(format, example, counter);
    if (counted !== undefined) {
      batch.tokens(counted.total, counted.trained);
      run.tokens({ ...context, ...limit, tokens: counted }, found);
    }
    current = line;
    dataset.example(batch.states, {
      number: line.example ?? 0,
      place: placeOfCurrent,
      example,
      ...(counted === undefined ? {} : { tokens: counted }),
    });
    if (faults.length === 0 && (isRecording || dataset.needsRecords)) {
      recorder.add(format, example, line);
    }
    return withoutSilenced(findings);
  };

  return {
    begin(chosen) {
      choice = chosen;
      if (choice.format !== 'unknown') run = prepared(choice.format);
      dataset = run.dataset(datasetContext(options, model, fingerprintWords, choice.format));
      batch.states = dataset.start();
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
        if (detectFormat(value) === undefined) batch.unknown(line);
        return;
      }
      if (choice.mismatch !== undefined) batch.mismatch(line);
      const other = detectFormat(value);
      const isStray = other !== undefined && other !== format && !(format === 'reinforcement' && other === 'chat');
      if (isStray && fitsShape(other, value)) {
        batch.stray(other, line);
        if (inspected.length > 0) reporter.inLine(line, inspected);
        return;
      }
      batch.checked(line);
      const findings = find(format, line, value);
      if (findings.length > 0 || inspected.length > 0) reporter.inLine(line, [...inspected, ...findings]);
    },

    take: () => batch.take(recorder.take(), dataset.start()),
  };
}

/** What the dataset rules know before the first example. */
export function datasetContext(
  { target, split, trainingFingerprints }: NormalizedOptions,
  model: Model | undefined,
  fingerprintWords: number,
  format: DatasetContext['format'],
): DatasetContext {
  return { target, model, split, training: trainingFingerprints, fingerprintWords, format };
}

/** The faults of the shape, where a user's schema says what else an example may have. */
function checkShapeWith(extraKeys: ExtraKeys, format: FormatName, value: object): ShapeFault[] {
  const isAllowed = ({ finding, path }: ShapeFault) =>
    finding.rule === 'example/unknown-key' && extraKeys.has(String(path[0]));
  return [...checkShape(format, value).filter((found) => !isAllowed(found)), ...extraKeys.check(value)];
}
