import { createBlankRun } from './blank-run.js';
import { createExampleCheck, type ExampleCheckParts } from './example-check.js';
import { chooseFormat, type FormatChoice, SAMPLE_BYTES, SAMPLE_EXAMPLES } from './formats/choose.js';
import type { FormatName } from './formats/index.js';
import { type Continuation, createContinuation } from './json/continuation.js';
import { createOversizedScan, type OversizedScan } from './json/oversized.js';
import { type LineFault, parseLine } from './json/parse.js';
import type { LineSink } from './reader/lines.js';
import { decodeUtf8, findInvalidByte } from './reader/utf8.js';
import { deletionOf, type LineText } from './reporter.js';

/** The stages from line to finding, as a sink of lines. */
export interface Pipeline extends LineSink {
  /** Reports what only the end shows. @param bytes - Size of the file. */
  end(bytes: number): void;
  readonly lines: number;
  readonly examples: number;
  readonly format: FormatName | 'unknown';
  readonly formatReason: string;
}

/** What waits until it is known whether some lines belong together. */
interface HeldReport {
  /** Whether it is about one of these lines, and so about the same mistake. */
  readonly isPart: boolean;
  report(): void;
}

const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Wires line → JSON → shape → rules → tokens. Imports no `node:` module: it runs wherever lines come from.
 *
 * The first examples decide the format; until then findings wait, so that they come in the order of the file.
 */
export function createPipeline(parts: ExampleCheckParts): Pipeline {
  const { options, reporter } = parts;
  const check = createExampleCheck(parts);
  const blanks = createBlankRun(reporter);
  let lines = 0;
  let examples = 0;
  let crlfLines = 0;
  let startsWithMark = false;
  let oversized:
    | { scan: OversizedScan; decoder: InstanceType<typeof TextDecoder>; start: number; characters: number }
    | undefined;

  /** A value that is not finished on its line, and the lines that may belong to it. */
  let held: { continuation: Continuation; line: LineText; fault: LineFault; later: HeldReport[] } | undefined;
  let choice: FormatChoice | undefined;
  let sample: object[] = [];
  let sampleBytes = 0;
  let waiting: (() => void)[] = [];

  /** Does it now, or when the format has been decided. */
  const inOrder = (action: () => void) => {
    if (choice === undefined) waiting.push(action);
    else action();
  };

  const decide = () => {
    choice = chooseFormat(sample, options.method);
    check.begin(choice);
    const actions = waiting;
    sample = [];
    waiting = [];
    for (const action of actions) action();
  };

  const reportFault = (line: LineText, fault: LineFault) => {
    inOrder(() => reporter.inLine(line, [{ ...fault, path: [] }]));
  };

  const flushBlanks = (nextLine: number) => {
    const run = blanks.take(nextLine);
    if (run === undefined) return;
    if (held === undefined) inOrder(run.between);
    else held.later.push({ isPart: false, report: () => inOrder(run.between) });
  };

  /** Reports the lines that were held as faults of their own: they did not belong together. */
  const endHeld = () => {
    if (held === undefined) return;
    const { line, fault, later } = held;
    held = undefined;
    reportFault(line, fault);
    for (const { report } of later) report();
  };

  /** @returns Whether the line is part of a value that began in an earlier one. */
  const continueHeld = (line: LineText): boolean => {
    if (held === undefined) return false;
    const outcome = held.continuation.next(line.text);
    if (outcome === 'broken') {
      endHeld();
      return false;
    }
    if (outcome === 'open') {
      const { fault } = parseLine(line.text);
      if (fault !== undefined) held.later.push({ isPart: true, report: () => reportFault(line, fault) });
      return true;
    }
    const { line: first, fault, continuation, later } = held;
    const reason = continuation.breaksString ? 'raw-line-break' : 'truncated';
    held = undefined;
    const finding = { rule: 'json/syntax', params: { reason, lines: continuation.lines } } as const;
    reportFault(first, { span: fault.span, finding });
    for (const { isPart, report } of later) if (!isPart) report();
    return true;
  };

  const checkText = (line: LineText) => {
    if (continueHeld(line)) return;
    const { value, fault } = parseLine(line.text);
    if (fault !== undefined) {
      const isOpen = fault.finding.rule === 'json/syntax' && fault.finding.params.reason === 'truncated';
      if (isOpen) held = { continuation: createContinuation(line.text), line, fault, later: [] };
      else reportFault(line, fault);
      return;
    }
    if (choice !== undefined) {
      check.example(line, value);
      return;
    }
    sample.push(value);
    sampleBytes += line.text.length;
    waiting.push(() => check.example(line, value));
    if (sample.length >= SAMPLE_EXAMPLES || sampleBytes >= SAMPLE_BYTES) decide();
  };

  const beginExample = () => {
    examples += 1;
    if (examples > 1 || startsWithMark) return;
    reporter.atBytes(
      { rule: 'file/missing-byte-order-mark', params: { provider: options.target.displayName } },
      {
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 1,
        byteOffset: [0, 0],
        pointer: '',
        fix: { safety: 'safe', edits: [{ byteOffset: [0, 0], text: '\ufeff' }] },
      },
    );
  };

  const checkBytes = (bytes: Uint8Array, byteStart: number) => {
    const text = decodeUtf8(bytes);
    if (text !== undefined) {
      checkText({ number: lines, byteStart, text, example: examples });
      return;
    }
    endHeld();
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

  return {
    get lines() {
      return lines;
    },
    get examples() {
      return examples;
    },
    get format() {
      return choice?.format ?? 'unknown';
    },
    get formatReason() {
      return choice?.reason ?? 'there are no examples';
    },

    line(bytes, start) {
      lines += 1;
      const hasMark = start === 0 && BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
      const from = hasMark ? BYTE_ORDER_MARK.length : 0;
      const hasReturn = bytes.length > from && bytes[bytes.length - 1] === CARRIAGE_RETURN;
      if (hasReturn) crlfLines += 1;
      if (hasMark) {
        startsWithMark = true;
        reporter.atBytes(
          { rule: 'file/byte-order-mark', params: { bytes: 'EF BB BF' } },
          {
            line: 1,
            column: 1,
            endLine: 1,
            endColumn: 1,
            byteOffset: [0, from],
            pointer: '',
            fix: deletionOf([0, from]),
          },
        );
      }
      const content = bytes.subarray(from, hasReturn ? bytes.length - 1 : bytes.length);
      if (isBlank(content)) {
        blanks.add(lines, start + from);
        return;
      }
      flushBlanks(start);
      beginExample();
      checkBytes(content, start + from);
    },

    oversizedStart(start) {
      endHeld();
      flushBlanks(start);
      lines += 1;
      beginExample();
      oversized = { scan: createOversizedScan(), decoder: new TextDecoder(), start, characters: 0 };
    },
    oversizedPiece(bytes) {
      const text = oversized!.decoder.decode(bytes, { stream: true });
      oversized!.characters += text.length;
      oversized!.scan.push(text);
    },
    oversizedEnd(length) {
      const { scan, start, characters } = oversized!;
      oversized = undefined;
      const params = { bytes: length, cap: options.maxLineBytes, ...scan.end() };
      const place = {
        line: lines,
        column: 1,
        endLine: lines,
        endColumn: characters + 1,
        byteOffset: [start, start + length],
        pointer: '',
        example: examples,
      } as const;
      inOrder(() => reporter.atBytes({ rule: 'line/too-long', params }, place));
    },

    end(bytes) {
      if (examples === 0) {
        reporter.aboutFile({ rule: 'file/empty', params: { bytes } });
        return;
      }
      endHeld();
      if (choice === undefined) decide();
      blanks.take(bytes)?.trailing();
      if (crlfLines > 0) reporter.aboutFile({ rule: 'file/crlf', params: { lines: crlfLines } });
      check.endFormat();
      check.end(examples);
    },
  };
}

/** Spaces, tabs and carriage returns make a line no less blank: the server finds no JSON in it either. */
function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  return true;
}
