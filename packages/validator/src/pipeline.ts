import type { ChatExample, FormatName } from './formats/index.js';
import { locatePath, type Span } from './json/locate.js';
import { createOversizedScan, type OversizedScan } from './json/oversized.js';
import { parseLine } from './json/parse.js';
import type { NormalizedOptions } from './options.js';
import type { LineSink } from './reader/lines.js';
import { decodeUtf8, findInvalidByte } from './reader/utf8.js';
import type { LineText, Reporter } from './reporter.js';
import { prepareRules, type RuleFinding } from './rules/run.js';
import { checkChatShape, isFaultyPath, withoutFaults } from './shape/shape.js';
import { targets } from './targets/index.js';
import type { Target } from './targets/target.js';
import { countChatTokens } from './tokens/count-tokens.js';
import type { TokenCounter } from './tokens/counter.js';
import type { TokenCollector } from './tokens/statistics.js';

/** Everything the stages from line to finding need from outside. */
export interface PipelineParts {
  readonly options: NormalizedOptions;
  readonly reporter: Reporter;
  /** Absent when tokens are not counted. */
  readonly counter: TokenCounter | undefined;
  readonly maxExampleTokens: number | undefined;
  readonly tokens: TokenCollector;
}

/** The stages from line to finding, as a sink of lines. */
export interface Pipeline extends LineSink {
  /** Reports what only the end shows. @param bytes - Size of the file. */
  end(bytes: number): void;
  readonly lines: number;
  readonly examples: number;
  readonly format: FormatName | 'unknown';
  readonly formatReason: string;
}

const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
/** So many blank lines in a row are reported one by one; the rest of a longer run in one. */
const MAX_SINGLE_BLANKS = 1_000;

/** Wires line → JSON → shape → rules → tokens. Imports no `node:` module: it runs wherever lines come from. */
export function createPipeline({ options, reporter, counter, maxExampleTokens, tokens }: PipelineParts): Pipeline {
  const target: Target = targets[options.target];
  const format: FormatName = 'chat';
  const run = prepareRules(reporter.isOn)(format);
  let lines = 0;
  let examples = 0;
  let crlfLines = 0;
  let blanks = { first: 0, byteStart: 0, count: 0, starts: [] as number[] };
  let oversized:
    | { scan: OversizedScan; decoder: InstanceType<typeof TextDecoder>; start: number; characters: number }
    | undefined;

  const flushBlanks = () => {
    if (blanks.count === 0) return;
    for (const [index, byteStart] of blanks.starts.entries()) {
      const line: LineText = { number: blanks.first + index, byteStart, text: '' };
      reporter.inLine(line, [{ finding: { rule: 'line/blank', params: { count: 1 } }, span: NOWHERE, path: [] }]);
    }
    const rest = blanks.count - blanks.starts.length;
    if (rest > 0) {
      const line: LineText = { number: blanks.first + blanks.starts.length, byteStart: blanks.byteStart, text: '' };
      reporter.inLine(line, [{ finding: { rule: 'line/blank', params: { count: rest } }, span: NOWHERE, path: [] }]);
    }
    blanks = { first: 0, byteStart: 0, count: 0, starts: [] };
  };

  const holdBlank = (byteStart: number) => {
    if (blanks.count === 0) blanks = { first: lines, byteStart, count: 0, starts: [] };
    blanks.count += 1;
    if (blanks.starts.length < MAX_SINGLE_BLANKS) blanks.starts.push(byteStart);
    else if (blanks.count === MAX_SINGLE_BLANKS + 1) blanks.byteStart = byteStart;
  };

  const checkText = (line: LineText) => {
    const { value, fault } = parseLine(line.text);
    if (fault !== undefined) {
      reporter.inLine(line, [{ ...fault, path: [] }]);
      return;
    }
    const findings = checkExample(value);
    if (findings.length === 0) return;
    reporter.inLine(
      line,
      findings.map((found) => ({ ...found, span: locatePath(line.text, found.path, found.at) })),
    );
  };

  const checkExample = (value: object): RuleFinding[] => {
    const findings: RuleFinding[] = [];
    const found = (finding: RuleFinding) => findings.push(finding);
    const faults = checkChatShape(value);
    findings.push(...faults);
    const example = (faults.length === 0 ? value : withoutFaults(value, faults)) as ChatExample;
    const context = { target, format, isFaulty: (path: RuleFinding['path']) => isFaultyPath(path, faults) };
    run.example(example, context, found);
    if (counter !== undefined && example.messages !== undefined) {
      const counted = countChatTokens(example, counter);
      tokens.add(counted.total, counted.trained);
      const limit = maxExampleTokens === undefined ? {} : { maxExampleTokens };
      run.tokens({ ...context, ...limit, tokens: counted }, found);
    }
    return findings;
  };

  return {
    get lines() {
      return lines;
    },
    get examples() {
      return examples;
    },
    format,
    formatReason: options.method === undefined ? 'the format of fine-tuning chat models' : `--method ${options.method}`,

    line(bytes, start) {
      lines += 1;
      const hasMark = start === 0 && BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
      const from = hasMark ? BYTE_ORDER_MARK.length : 0;
      const hasReturn = bytes.length > from && bytes[bytes.length - 1] === CARRIAGE_RETURN;
      if (hasReturn) crlfLines += 1;
      const content = bytes.subarray(from, hasReturn ? bytes.length - 1 : bytes.length);
      const byteStart = start + from;
      if (hasMark) {
        reporter.atBytes(
          { rule: 'file/byte-order-mark', params: { bytes: 'EF BB BF' } },
          { line: 1, column: 1, endLine: 1, endColumn: 1, byteOffset: [0, from], pointer: '' },
        );
      }
      if (isBlank(content)) {
        holdBlank(byteStart);
        return;
      }
      flushBlanks();
      examples += 1;
      const text = decodeUtf8(content);
      if (text === undefined) reportInvalidUtf8(content, byteStart);
      else checkText({ number: lines, byteStart, text, example: examples });
    },

    oversizedStart(start) {
      flushBlanks();
      lines += 1;
      examples += 1;
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
      reporter.atBytes(
        { rule: 'line/too-long', params: { bytes: length, cap: options.maxLineBytes, ...scan.end() } },
        {
          line: lines,
          column: 1,
          endLine: lines,
          endColumn: characters + 1,
          byteOffset: [start, start + length],
          pointer: '',
          example: examples,
        },
      );
    },

    end(bytes) {
      if (examples === 0) {
        reporter.aboutFile({ rule: 'file/empty', params: { bytes } });
        return;
      }
      if (blanks.count > 0) {
        const line: LineText = { number: blanks.first, byteStart: blanks.starts[0]!, text: '' };
        reporter.inLine(line, [
          { finding: { rule: 'line/trailing-blank', params: { count: blanks.count } }, span: NOWHERE, path: [] },
        ]);
      }
      if (crlfLines > 0) reporter.aboutFile({ rule: 'file/crlf', params: { lines: crlfLines } });
      run.dataset({ target, format, examples }, reporter.aboutFile);
    },
  };

  function reportInvalidUtf8(bytes: Uint8Array, byteStart: number): void {
    const invalid = findInvalidByte(bytes)!;
    const column = decodeUtf8(bytes.subarray(0, invalid.at))!.length + 1;
    const offset = byteStart + invalid.at;
    const byte = invalid.byte.toString(16).toUpperCase().padStart(2, '0');
    const { looksLike } = invalid;
    reporter.atBytes(
      { rule: 'line/invalid-utf8', params: { byte, offset, ...(looksLike === undefined ? {} : { looksLike }) } },
      {
        line: lines,
        column,
        endLine: lines,
        endColumn: column + 1,
        byteOffset: [offset, offset + 1],
        pointer: '',
        example: examples,
      },
    );
  }
}

const NOWHERE: Span = { start: 0, end: 0 };

/** Spaces, tabs and carriage returns make a line no less blank: the server finds no JSON in it either. */
function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  return true;
}
