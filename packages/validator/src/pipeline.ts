import type { Batch, BatchBuilder } from './batch.js';
import { createBlankRun, isBlankLine } from './blank-run.js';
import type { ExampleCheck } from './example-check.js';
import { chooseFormat, type FormatChoice, SAMPLE_BYTES, SAMPLE_EXAMPLES } from './formats/choose.js';
import { createHeldLines } from './held-lines.js';
import { WINDOW } from './json/line-scanner.js';
import { type LineFault, parseLine } from './json/parse.js';
import type { NormalizedOptions } from './options.js';
import { createOversizedLine, type OversizedLine } from './oversized-line.js';
import type { LineSink } from './reader/lines.js';
import { decodeUtf8, findInvalidByte } from './reader/utf8.js';
import { deletionOf, type LineText, type Reporter } from './reporter.js';
import { reportMissingMark } from './rules/file/findings.js';
import { ScannedLine } from './scanned-line.js';

/** The stages from line to finding, as a sink of lines. */
export interface Pipeline extends LineSink {
  /** The lines are over. @param bytes - Size of the file. */
  end(bytes: number): void;
  /**
   * Settles when all that was given has been checked; absent when it has been. Whoever goes on without waiting for it makes
   * lines wait, in memory.
   */
  readonly pending: Promise<void> | undefined;
  /** What was found since the last call; valid until the next line is given. */
  take(): Batch;
  /**
   * Where lines begin whose findings depend on the lines behind them: blank ones, a value that is not finished on its
   * line. `undefined` when there are none.
   */
  readonly open: OpenLines | undefined;
  /** Which format the dataset was taken for; `undefined` until that is decided. */
  readonly choice: FormatChoice | undefined;
}

/** Where in a dataset a pipeline begins. */
export interface PipelineStart {
  /** Offset of the first byte. */
  readonly byteStart: number;
  /** Lines before it. */
  readonly lines: number;
  /** Examples before it. */
  readonly examples: number;
}

/** Where lines begin that wait for those behind them. */
export interface OpenLines extends PipelineStart {
  /** Lines before it in the batch that end in CRLF. */
  readonly crlfLines: number;
}

/** What a pipeline needs from outside. */
export interface PipelineParts {
  readonly options: NormalizedOptions;
  readonly reporter: Reporter;
  /** Takes what is found; the reporter and the check write into the same. */
  readonly batch: BatchBuilder;
  /** Has begun already where a choice is given. */
  readonly check: ExampleCheck;
  /** Where it begins. @default the beginning of the dataset */
  readonly start?: PipelineStart;
  /** Which format the dataset was taken for, when that has been decided. @default decided by the first examples */
  readonly choice?: FormatChoice;
}

/** So many findings and examples wait at most until the format is decided. */
const MAX_WAITING = 10_000;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Wires line → JSON → shape → rules → tokens. Imports no `node:` module: it runs wherever lines come from.
 *
 * The first examples decide the format; until then findings wait, so that they come in the order of the file.
 */
export function createPipeline(parts: PipelineParts): Pipeline {
  const { options, reporter, batch, check } = parts;
  const blanks = createBlankRun(reporter);
  let { lines, examples } = parts.start ?? { lines: 0, examples: 0 };
  let startsWithMark = false;
  /** Where the first line stands that waits for those behind it; what was counted before the line at hand. */
  let open: OpenLines | undefined;
  let before: OpenLines = { byteStart: 0, lines, examples, crlfLines: 0 };
  let oversized: OversizedLine | undefined;

  let { choice } = parts;
  let sample: object[] = [];
  let sampleBytes = 0;
  let waiting: (() => void)[] = [];

  /** What an example needs is being loaded: all that comes behind it waits. */
  let loading: Promise<void> | undefined;

  /** Does it now, or when the format has been decided and what came before has been done. */
  const inOrder = (action: () => void) => {
    const isWaiting = choice === undefined ? sample.length > 0 : loading !== undefined;
    if (isWaiting) waiting.push(action);
    else action();
  };

  /** Decides as soon as the sample is large enough: what waits for it must stay small, whatever it is. */
  const growSample = (bytes: number) => {
    if (choice !== undefined || sample.length === 0) return;
    sampleBytes += bytes;
    if (sample.length >= SAMPLE_EXAMPLES || sampleBytes >= SAMPLE_BYTES || waiting.length >= MAX_WAITING) decide();
  };

  const decide = () => {
    choice = chooseFormat(sample, options.method, options.isMethodFromGrader ? '--grader' : undefined);
    check.begin(choice);
    sample = [];
    flush();
  };

  const flush = () => {
    const actions = waiting;
    waiting = [];
    for (let index = 0; index < actions.length; index += 1) {
      actions[index]!();
      if (loading === undefined) continue;
      waiting = waiting.concat(actions.slice(index + 1));
      return;
    }
  };

  /** Checks an example, or begins to load what that takes: then it comes first when that is there. */
  const checkExample = (line: LineText, value: object) => {
    const ready = check.whenReady(line, value);
    if (ready === undefined) {
      check.example(line, value);
      return;
    }
    waiting = [() => check.example(line, value)];
    loading = ready.then(() => {
      loading = undefined;
      flush();
    });
  };

  const reportFault = (line: LineText, fault: LineFault) => {
    inOrder(() => reporter.inLine(line, [{ ...fault, path: [] }]));
  };

  const held = createHeldLines(reportFault);

  const flushBlanks = (nextLine: number) => {
    const run = blanks.take(nextLine);
    if (run === undefined) return;
    if (held.isHolding) held.between(() => inOrder(run.between));
    else inOrder(run.between);
  };

  const checkText = (line: LineText, isBroken: boolean) => {
    if (held.take(line)) return;
    const { value, fault } = parseLine(line.text, isBroken);
    if (fault !== undefined) {
      const isOpen = fault.finding.rule === 'json/syntax' && fault.finding.params.reason === 'truncated';
      if (isOpen) {
        open = before;
        held.begin(line, fault);
      } else reportFault(line, fault);
      return;
    }
    if (choice !== undefined) {
      if (loading === undefined) checkExample(line, value);
      else waiting.push(() => checkExample(line, value));
      return;
    }
    sample.push(value);
    waiting.push(() => checkExample(line, value));
  };

  const beginExample = () => {
    examples += 1;
    batch.examples += 1;
    if (examples > 1 || startsWithMark) return;
    reportMissingMark(reporter.atBytes, options.target);
  };

  const scanned = new ScannedLine();

  const checkBytes = (bytes: Uint8Array, byteStart: number) => {
    let isBroken = false;
    if (choice !== undefined && loading === undefined && !held.isHolding) {
      scanned.begin(bytes, lines, byteStart, examples);
      const outcome = check.scan(scanned);
      if (outcome === 'done') return;
      isBroken = outcome === 'broken';
    }
    const text = decodeUtf8(bytes);
    if (text !== undefined) {
      checkText({ number: lines, byteStart, text, example: examples, byteLength: bytes.length }, isBroken);
      return;
    }
    held.end();
    const invalid = findInvalidByte(bytes)!;
    const column = decodeUtf8(bytes.subarray(0, invalid.at))!.length + 1;
    const offset = byteStart + invalid.at;
    const byte = invalid.byte.toString(16).toUpperCase().padStart(2, '0');
    const looksLike = invalid.looksLike === undefined ? {} : { looksLike: invalid.looksLike };
    const place = {
      line: lines,
      column,
      endLine: lines,
      endColumn: column + 1,
      byteOffset: [offset, offset + 1],
      pointer: '',
      example: examples,
    } as const;
    inOrder(() => reporter.atBytes({ rule: 'line/invalid-utf8', params: { byte, offset, ...looksLike } }, place));
  };

  const reportMark = () => {
    startsWithMark = true;
    const byteOffset = [0, BYTE_ORDER_MARK.length] as const;
    reporter.atBytes(
      { rule: 'file/byte-order-mark', params: { bytes: 'EF BB BF' } },
      { line: 1, column: 1, endLine: 1, endColumn: 1, byteOffset, pointer: '', fix: deletionOf(byteOffset) },
    );
  };

  return {
    get pending() {
      return loading;
    },
    take: check.take,
    get open() {
      if (blanks.isEmpty && !held.isHolding) open = undefined;
      return open;
    },
    get choice() {
      return choice;
    },

    line(bytes, start) {
      before = { byteStart: start, lines, examples, crlfLines: batch.crlfLines };
      lines += 1;
      batch.lines += 1;
      const hasMark = start === 0 && BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
      const from = hasMark ? BYTE_ORDER_MARK.length : 0;
      const hasReturn = bytes.length > from && bytes[bytes.length - 1] === CARRIAGE_RETURN;
      if (hasReturn) batch.crlfLines += 1;
      if (hasMark) reportMark();
      const content = bytes.subarray(from, hasReturn ? bytes.length - 1 : bytes.length);
      if (isBlankLine(content, 0, content.length)) {
        if (!held.isHolding && blanks.isEmpty) open = before;
        blanks.add(lines, start + from);
        return;
      }
      flushBlanks(start);
      beginExample();
      checkBytes(content, start + from);
      growSample(bytes.length);
    },

    lines(bytes, from, start) {
      const isWaiting = choice === undefined || loading !== undefined || held.isHolding || !blanks.isEmpty;
      // Lines that end in CRLF are for `line`, and where one does all do.
      if (isWaiting || examples === 0 || batch.crlfLines > 0 || options.maxLineBytes < WINDOW) return from;
      const done = check.scanLines(bytes, from, start - from, lines + 1, examples + 1);
      lines += done;
      examples += done;
      batch.lines += done;
      batch.examples += done;
      return done === 0 ? from : check.next;
    },

    oversizedStart(start) {
      held.end();
      flushBlanks(start);
      lines += 1;
      batch.lines += 1;
      beginExample();
      oversized = createOversizedLine(start, reportMark);
    },
    oversizedPiece(bytes) {
      oversized!.push(bytes);
    },
    oversizedEnd(length) {
      const { finding, place } = oversized!.end(length, options.maxLineBytes);
      oversized = undefined;
      const inFile = { ...place, line: lines, endLine: lines, example: examples };
      inOrder(() => reporter.atBytes(finding, inFile));
    },

    end(bytes) {
      // That there is nothing but blank lines is said once.
      if (examples === 0) return;
      held.end();
      if (choice === undefined) decide();
      inOrder(() => blanks.take(bytes)?.trailing());
    },
  };
}
