import type { Batch, Tally } from './batch.js';
import { compareDiagnostics, type Diagnostic, type Severity } from './diagnostic.js';
import { datasetContext } from './example-check.js';
import { createFingerprintOrdinals } from './fingerprint.js';
import { reportFormat } from './format-findings.js';
import type { FormatChoice } from './formats/choose.js';
import { type ExampleRecords, type KeptText, PLACE_NUMBERS, RECORD_STRIDE } from './formats/example-records.js';
import { type Fingerprint, RECORD, RECORD_WORDS } from './formats/fingerprint.js';
import type { OverflowRoom } from './formats/fingerprint-overflow.js';
import type { FormatName } from './formats/index.js';
import { promptOf } from './formats/prompt.js';
import { locatePath } from './json/locate.js';
import { parseJson } from './json/parse-json.js';
import { isSameValue } from './json/same-value.js';
import type { NormalizedOptions } from './options.js';
import { decodeUtf8 } from './reader/utf8.js';
import { createReporter, type LineText, placeInLine, type Reporter } from './reporter.js';
import type { AnyRuleId, Finding } from './rules/index.js';
import { type DatasetRun, prepareRules } from './rules/run.js';
import type { FingerprintSink } from './shards/fingerprint-file.js';
import type { FormatPart } from './shards/merge-state.js';
import type { Model } from './targets/models.js';
import { defaultEpochs } from './tokens/epochs.js';
import type { TokenCollector } from './tokens/statistics.js';

/** What is needed to put batches together. */
export interface MergeParts {
  readonly options: NormalizedOptions;
  /** What the dataset is called. */
  readonly file: string;
  readonly model: Model | undefined;
  readonly fingerprintWords: number;
  /** Takes down the fingerprints of every example, when they are wanted. */
  readonly fingerprints?: FingerprintSink | undefined;
  /** Reads lines again; absent where the input cannot be read twice. */
  readonly secondLook: Pick<SecondLook, 'note' | 'textOf'> | undefined;
  /** Where fingerprints go that are too many for the memory; absent where there is no such place. */
  readonly overflow?: OverflowRoom | undefined;
  readonly tokens: TokenCollector;
  /** Gets every diagnostic in the order of the file. */
  readonly emit: (diagnostic: Diagnostic) => void;
  /** Counts diagnostics that were not made. */
  readonly count: (rule: AnyRuleId, severity: Severity, times: number) => void;
}

interface SecondLook {
  note(line: number, byteStart: number): void;
  textOf(line: number): string | undefined;
}

/** Puts batches together in the order of the file: what is found is the same however the file was cut. */
export interface Merge {
  /** For findings about the file as a whole. */
  readonly reporter: Reporter;
  /** Rules of which enough diagnostics have been made. */
  saturated(): AnyRuleId[];
  /** Whether there is a rule that compares examples with each other. */
  readonly needsRecords: boolean;
  readonly lines: number;
  readonly examples: number;
  /** Which format the dataset was taken for; `undefined` until that is decided. */
  readonly choice: FormatChoice | undefined;
  /** The format has been decided: before the first example is merged. */
  begin(choice: FormatChoice): void;
  /** Takes the next batch. @param textOf - The text of a line that was recorded, where the records have none. */
  add(batch: Batch, textOf?: (byteStart: number, byteLength: number) => string): void;
  /** Reports what only the end shows. @param bytes - Size of the file. */
  end(bytes: number): void;
  /** What has been taken in, for a report that is merged with others. */
  found(): DatasetFacts;
}

/** What is known of the examples of a dataset, as plain data. */
export interface DatasetFacts extends Pick<FormatPart, 'checked' | 'unknown' | 'strays' | 'mismatchAt' | 'states'> {
  readonly crlfLines: number;
}

export function createMerge(parts: MergeParts): Merge {
  const { options, model, secondLook, fingerprintWords, count } = parts;
  const ordinals = createFingerprintOrdinals();
  let later: Diagnostic[] | undefined;
  const made = new Map<AnyRuleId, number>();
  const limit = options.maxDiagnosticsPerRule;
  const wants = (rule: AnyRuleId) => (made.get(rule) ?? 0) < limit;
  const emit = (diagnostic: Diagnostic) => {
    if (limit !== Number.POSITIVE_INFINITY) {
      const before = made.get(diagnostic.rule) ?? 0;
      if (before >= limit) {
        count(diagnostic.rule, diagnostic.severity, 1);
        return;
      }
      made.set(diagnostic.rule, before + 1);
    }
    const fingerprint = ordinals.next(diagnostic.fingerprint);
    parts.emit(fingerprint === diagnostic.fingerprint ? diagnostic : { ...diagnostic, fingerprint });
  };
  const reporter = createReporter(options, parts.file, {
    wants,
    count: (rule, severity) => count(rule, severity, 1),
    add(diagnostic) {
      if (later === undefined) emit(diagnostic);
      else later.push(diagnostic);
    },
  });

  let lines = 0;
  let examples = 0;
  let crlfLines = 0;
  let choice: FormatChoice | undefined;
  let checked: Tally | undefined;
  let unknown: Tally | undefined;
  let mismatchAt: LineText | undefined;
  const strays = new Map<FormatName, Tally>();
  let dataset: DatasetRun | undefined;
  let states: unknown[] = [];

  const begin = (chosen: FormatChoice) => {
    choice = chosen;
    const { format } = chosen;
    const run = prepareRules(reporter.isOn, options.customRules)(format === 'unknown' ? 'chat' : format);
    dataset = run.dataset(datasetContext(options, model, fingerprintWords, format, parts.overflow));
    states = dataset.start();
  };

  const whole = (example: object): unknown => example;
  const prompt = (example: object): unknown => promptOf(choice!.format, example);

  /** Whether a part of the example in a line is equal to that of another. True where nothing can be read again. */
  const looksSame = (line: number, otherText: () => string | undefined, part: (example: object) => unknown) => {
    if (secondLook === undefined) return true;
    const text = secondLook.textOf(line);
    const other = otherText();
    if (text === other) return true;
    const values = [text, other].map(exampleIn);
    // Where somebody has written to the file since it was read, their fingerprints have the last word.
    if (values[0] === undefined || values[1] === undefined) return true;
    return isSameValue(part(values[0]), part(values[1]));
  };

  // The record at hand: one object for all of them, set anew for each.
  let textOfLine: ((byteStart: number, byteLength: number) => string) | undefined;
  let kept: KeptText | undefined;
  let text: string | undefined;
  let byteStart = 0;
  let byteLength = 0;
  let number = 0;
  const textAtHand = (): string => {
    if (kept === undefined) return textOfLine!(byteStart, byteLength);
    if (typeof kept === 'string') return kept;
    if (kept instanceof Uint8Array) return decodeUtf8(kept)!;
    const at = byteStart - kept.place;
    return decodeUtf8(kept.bytes.subarray(at, at + byteLength))!;
  };
  const lineAtHand = (): LineText => {
    text ??= textAtHand();
    return { number: recorded.line, byteStart, text, example: number };
  };
  const fingerprint: { words: Uint32Array; at: number } = { words: new Uint32Array(0), at: 0 };
  const asked = { ...fingerprint };
  const answer = { ...fingerprint };
  const recorded = {
    line: 0,
    fingerprint,
    prompt: asked as Fingerprint | undefined,
    answer: answer as Fingerprint | undefined,
    place() {
      const line = lineAtHand();
      return placeInLine(line, locatePath(line.text, [], 'value'), []);
    },
    isSameAs: (line: number) => looksSame(line, () => lineAtHand().text, whole),
    hasPromptOf: (line: number) => looksSame(line, () => lineAtHand().text, prompt),
  };
  const found = (finding: Finding) => reporter.inLine(lineAtHand(), [{ finding, path: [] }]);

  /** Runs the rules that compare examples, one record after the other. */
  const takeRecords = (records: ExampleRecords, textOf?: (byteStart: number, byteLength: number) => string) => {
    const { file } = parts;
    const { collectFingerprints: collected } = options;
    const { places, words, texts } = records;
    const isRecording = dataset!.needsRecords;
    textOfLine = textOf;
    fingerprint.words = words;
    asked.words = words;
    answer.words = words;
    for (let index = 0; index < records.count; index += 1) {
      const placed = index * PLACE_NUMBERS;
      recorded.line = places[placed]!;
      number = places[placed + 1]!;
      byteStart = places[placed + 2]!;
      byteLength = places[placed + 3]!;
      kept = texts?.[index];
      text = undefined;
      const at = index * RECORD_STRIDE;
      const hasPair = words[at + RECORD_WORDS] !== 0;
      fingerprint.at = at + RECORD.example;
      asked.at = at + RECORD.prompt;
      answer.at = at + RECORD.answer;
      recorded.prompt = hasPair ? asked : undefined;
      recorded.answer = hasPair ? answer : undefined;
      secondLook?.note(recorded.line, byteStart);
      collected?.add(fingerprint, file, recorded.line);
      parts.fingerprints?.add(recorded.line, number, fingerprint, recorded.prompt, recorded.answer);
      if (isRecording) dataset!.recorded(recorded, found);
    }
    kept = undefined;
  };

  return {
    reporter,
    saturated: () => [...made.keys()].filter((rule) => !wants(rule)),
    get needsRecords() {
      return dataset?.needsRecords ?? false;
    },
    get lines() {
      return lines;
    },
    get examples() {
      return examples;
    },
    get choice() {
      return choice;
    },
    begin,
    add(batch, textOf) {
      lines += batch.lines;
      examples += batch.examples;
      crlfLines += batch.crlfLines;
      if (batch.checked !== undefined) checked = sum(checked, batch.checked);
      if (batch.unknown !== undefined) unknown = sum(unknown, batch.unknown);
      for (const [format, tally] of batch.strays) strays.set(format, sum(strays.get(format), tally));
      mismatchAt ??= batch.mismatchAt;
      for (let at = 0; at < batch.tokens.length; at += 2) parts.tokens.add(batch.tokens[at]!, batch.tokens[at + 1]!);
      for (const { rule, severity, count: times } of batch.unmade) count(rule, severity, times);
      if (choice !== undefined) dataset?.join(states, batch.states);
      if (batch.records === undefined || batch.records.count === 0) {
        for (const diagnostic of batch.diagnostics) emit(diagnostic);
        return;
      }
      later = [];
      takeRecords(batch.records, textOf);
      const added = later;
      later = undefined;
      emitInOrder(batch.diagnostics, added, emit);
    },
    end(bytes) {
      if (examples === 0) {
        reporter.aboutFile({ rule: 'file/empty', params: { bytes } });
        return;
      }
      if (crlfLines > 0) reporter.aboutFile({ rule: 'file/crlf', params: { lines: crlfLines } });
      if (choice !== undefined) reportFormat(reporter, choice, { unknown, mismatchAt, strays: [...strays] });
      const end = {
        examples,
        epochs: defaultEpochs(examples) ?? 1,
        isSame: (first: number, line: number) => looksSame(first, () => secondLook?.textOf(line), whole),
        hasSamePrompt: (first: number, line: number) => looksSame(first, () => secondLook?.textOf(line), prompt),
      };
      dataset?.end(states, end, (finding, place) => {
        if (place === undefined) reporter.aboutFile(finding);
        else reporter.atBytes(finding, place);
      });
    },
    found() {
      const placed = (line: LineText) => ({
        file: parts.file,
        ...placeInLine(line, locatePath(line.text, [], 'value'), []),
      });
      const tally = ({ first, count }: Tally) => ({ count, first: placed(first) });
      return {
        crlfLines,
        strays: [...strays].map(([format, stray]) => [format, tally(stray)] as const),
        states: dataset?.pack(states) ?? {},
        ...(checked === undefined ? {} : { checked: tally(checked) }),
        ...(unknown === undefined ? {} : { unknown: tally(unknown) }),
        ...(mismatchAt === undefined ? {} : { mismatchAt: placed(mismatchAt) }),
      };
    },
  };
}

function sum(before: Tally | undefined, { first, count }: Tally): Tally {
  return before === undefined ? { first, count } : { first: before.first, count: before.count + count };
}

/** The example in the text of a line; `undefined` when there is none. */
function exampleIn(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Both lists are in the order of the file. */
function emitInOrder(
  found: readonly Diagnostic[],
  added: readonly Diagnostic[],
  emit: (diagnostic: Diagnostic) => void,
): void {
  let next = 0;
  for (const diagnostic of found) {
    while (next < added.length && compareDiagnostics(added[next]!, diagnostic) <= 0) {
      emit(added[next]!);
      next += 1;
    }
    emit(diagnostic);
  }
  for (; next < added.length; next += 1) emit(added[next]!);
}
