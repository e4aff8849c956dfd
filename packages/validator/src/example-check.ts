import type { Batch, BatchBuilder } from './batch.js';
import type { FormatChoice } from './formats/choose.js';
import { createExampleRecorder, type KeptLines, PLACE_NUMBERS } from './formats/example-records.js';
import type { OverflowRoom } from './formats/fingerprint-overflow.js';
import { detectFormat, type FormatName } from './formats/index.js';
import { someDeclaredCall } from './formats/tool-calls.js';
import { type InspectedFinding, inspectLine } from './json/inspect.js';
import type { JsonPath } from './json/path.js';
import { MAX_LINES } from './json/scanner-instance.js';
import { createLineFacts, type LineBytes } from './line-facts.js';
import type { NormalizedOptions } from './options.js';
import type { LineText, Reporter } from './reporter.js';
import { withoutSilenced } from './rules/precedence.js';
import type { DatasetContext, RuleContext } from './rules/rule.js';
import { type DatasetRun, prepareRules, type RuleFinding, type RuleRun } from './rules/run.js';
import { isShortCallId } from './rules/tools/call-id-format.js';
import { ALL_TRAITS } from './rules/traits.js';
import { SeenExample } from './seen-example.js';
import { withoutAllowed } from './shape/allowed.js';
import { createArgumentSchemas } from './shape/argument-schemas.js';
import type { ExtraKeys } from './shape/extra-keys.js';
import { checkShape, fitsShape, isFaultyPath, type ShapeFault, withoutFaults } from './shape/shape.js';
import type { Model } from './targets/models.js';
import { countExampleTokens, countPlainChatTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';
import type { ExampleTokens } from './tokens/example-tokens.js';

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
  /**
   * Checks a line without parsing it, where a scan of its bytes shows that no rule for examples finds anything: a chat of
   * plain texts in their usual order, and nothing else. In a clean file most lines are.
   *
   * @returns `done` when that is done, `parse` when the line is to be decoded and parsed, `broken` when parsing it will fail.
   */
  scan(line: LineBytes): 'done' | 'parse' | 'broken';
  /**
   * Checks lines in the same way, as many as can be without a look at one of them.
   *
   * @param bytes - With the line breaks. @param from - Where a line begins. @param place - Where the bytes stand in the file.
   * @param line, example - Numbers of the first.
   * @returns How many were done; the next one begins at {@link ExampleCheck.next}.
   */
  scanLines(bytes: Uint8Array, from: number, place: number, line: number, example: number): number;
  readonly next: number;
  /** What must be waited for before this example can be checked; `undefined` when nothing must. */
  whenReady(line: LineText, value: object): Promise<void> | undefined;
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
  const recorder = createExampleRecorder(keepsTexts);
  const facts = createLineFacts(target.limits.maxMessageCharacters, {
    isClean: (value) => target.roles.includes('tool') && isCleanChat(value),
    isCallId: reporter.isOn('tools/call-id-format') ? isShortCallId : undefined,
  });
  const isCheckingArguments = reporter.isOn('tools/arguments-mismatch');
  const prepared = prepareRules(reporter.isOn, options.customRules);
  const limit = maxExampleTokens === undefined ? {} : { maxExampleTokens };
  let choice: FormatChoice = { format: 'unknown', reason: '' };
  let run: RuleRun = prepared('chat');
  let dataset: DatasetRun = run.dataset(datasetContext(options, model, fingerprintWords, 'unknown'));
  batch.states = dataset.start();
  /** Whether what a scan tells is enough for most examples. */
  let isScanEnough = false;
  const seen = new SeenExample(reporter.file);
  let findings: RuleFinding[] = [];
  /** Where the line begins at which `scanLines` stopped. */
  let next = 0;
  const found = (finding: RuleFinding) => findings.push(finding);

  const judge = (context: RuleContext, counted: ExampleTokens): ExampleTokens => {
    batch.tokens(counted.total, counted.trained);
    run.tokens({ ...context, ...limit, tokens: counted }, found);
    return counted;
  };

  const isCleanChat = (value: object): boolean => {
    if (choice.format !== 'chat' || faultsOf('chat', value, extraKeys).length > 0) return false;
    let isClean = true;
    const context = { target, format: 'chat', argumentSchemas, graderFields, isFaulty: isNeverFaulty } as const;
    run.example(value, ALL_TRAITS, context, () => {
      isClean = false;
    });
    return isClean;
  };

  /** Before any rule is run: a rule may scan other texts, and then the scanner knows nothing of this line any more. */
  const record = (format: FormatName, line: LineText, text: string | Uint8Array) => {
    if (isRecording || dataset.needsRecords) recorder.add(facts.makeRecord(format), facts.record, line, text);
  };

  const findInDataset = (counted: ExampleTokens | undefined) => {
    seen.tokens = counted;
    dataset.example(batch.states, seen);
  };

  const takePassed = (count: number, kept: KeptLines) => {
    const { passed } = facts;
    batch.checkedMore(count);
    if (isRecording || dataset.needsRecords) recorder.addPassed(passed, count, kept);
    if (!dataset.needsExamples) return;
    for (let index = 0; index < count; index += 1) {
      seen.beginPassed(kept, passed.places, index * PLACE_NUMBERS);
      seen.traits = passed.traits[index];
      findInDataset(undefined);
    }
  };

  const find = (format: FormatName, line: LineText, value: object) => {
    const isCertain = format === 'chat' && extraKeys === undefined && facts.isPlainChat;
    const faults = isCertain ? NO_FAULTS : withoutAllowed(faultsOf(format, value, extraKeys), target, format, value);
    for (const fault of faults) if (fault.isSilent === undefined) findings.push(fault);
    const isFaulty = faults.length > 0;
    if (!isFaulty) record(format, line, line.text);
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
      if (counter !== undefined) counted = judge(context, countExampleTokens(format, example, counter));
    }
    seen.begin(line, example);
    seen.traits = isKnown && !isFaulty ? traits : undefined;
    findInDataset(counted);
  };

  const report = (line: LineText, inspected: readonly InspectedFinding[]) => {
    reporter.inLine(line, [...inspected, ...withoutSilenced(findings)]);
  };

  return {
    begin(chosen) {
      choice = chosen;
      if (choice.format !== 'unknown') run = prepared(choice.format);
      dataset = run.dataset(datasetContext(options, model, fingerprintWords, choice.format));
      batch.states = dataset.start();
      isScanEnough = choice.format === 'chat' && choice.mismatch === undefined && extraKeys === undefined;
    },

    scan(line) {
      if (!isScanEnough) return 'parse';
      if (!facts.scan(line)) return facts.isBroken ? 'broken' : 'parse';
      if (!run.isQuiet(facts.traitsBesideTools) || !facts.settleTools()) return 'parse';
      // A counter wants the texts.
      const chat = counter === undefined ? undefined : facts.plainChat();
      if (counter !== undefined && chat === undefined) return 'parse';
      if (findings.length > 0) findings = [];
      batch.checked(line);
      record('chat', line, line.bytes);
      let counted: ExampleTokens | undefined;
      if (counter !== undefined && chat !== undefined) {
        const context = { target, format: 'chat', argumentSchemas, graderFields, isFaulty: isNeverFaulty } as const;
        counted = judge(context, countPlainChatTokens(chat, counter));
      }
      seen.begin(line, undefined);
      seen.traits = facts.traits;
      findInDataset(counted);
      if (findings.length > 0) report(line, []);
      return 'done';
    },

    scanLines(bytes, from, place, line, example) {
      const loudTraits = isScanEnough && counter === undefined && batch.hasChecked ? run.loudTraits : undefined;
      next = from;
      let done = 0;
      while (loudTraits !== undefined) {
        const first = { place, line: line + done, example: example + done };
        const passed = facts.scanLines(bytes, next, first, loudTraits);
        next = facts.next;
        if (passed > 0) takePassed(passed, { bytes, place });
        done += passed;
        if (passed < MAX_LINES) break;
      }
      return done;
    },

    get next() {
      return next;
    },

    whenReady(line, value) {
      if (!isCheckingArguments || argumentSchemas.isLoaded) return undefined;
      if (choice.format === 'chat' && facts.hasNoCalls(line)) return undefined;
      return someDeclaredCall(value, argumentSchemas.needsCompiling) ? argumentSchemas.load() : undefined;
    },

    example(line, value) {
      const { format } = choice;
      facts.read(line, value);
      const inspected = facts.hidesSomething ? inspectLine(line.text, value) : NOTHING_HIDDEN;
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
      if (findings.length > 0) findings = [];
      find(format, line, value);
      if (format === 'chat') facts.learnTools(line);
      if (findings.length > 0 || inspected.length > 0) report(line, inspected);
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
  overflow?: OverflowRoom,
): DatasetContext {
  return { target, model, split, training: trainingFingerprints, fingerprintWords, format, overflow };
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
