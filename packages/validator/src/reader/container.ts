import { readUpTo } from '../json/stop.js';
import { explainSyntax } from '../json/syntax.js';
import type { Finding } from '../rules/index.js';
import { decodeUtf8 } from './utf8.js';

/** So many bytes from the start decide what a file is. */
export const SNIFF_BYTES = 1024 * 1024;

/** So many non-blank lines are looked at before a file is called something else than JSON Lines. */
const SNIFF_LINES = 20;

/** What keeps a whole file from being read line by line. */
export type ContainerFinding = Extract<
  Finding,
  {
    rule:
      | 'file/utf16'
      | 'file/compressed'
      | 'file/git-lfs-pointer'
      | 'file/json-array'
      | 'file/pretty-printed'
      | 'file/not-jsonl'
      | 'file/lone-carriage-return';
  }
>;

/**
 * What a file is, when it is not JSON Lines; `undefined` when it is to be judged line by line.
 *
 * @param sample - The first bytes, {@link SNIFF_BYTES} of them or all.
 * @param isWhole - Whether the sample is the whole file.
 */
export function sniffContainer(sample: Uint8Array, isWhole: boolean): ContainerFinding | undefined {
  const binary = sniffBinary(sample);
  if (binary !== undefined) return binary;
  const text = decodeSample(sample, isWhole);
  if (text === undefined) return undefined;
  if (text.startsWith('version https://git-lfs.github.com/spec/v1'))
    return { rule: 'file/git-lfs-pointer', params: {} };
  if (isCarriageReturnOnly(text)) return { rule: 'file/lone-carriage-return', params: {} };
  const lines = firstLines(text, isWhole);
  const first = lines[0];
  if (first === undefined) return undefined;
  if (first.text.startsWith('[') && isArrayFile(first, lines, isWhole)) return { rule: 'file/json-array', params: {} };
  if (first.text.startsWith('{') && isPrettyPrinted(first, lines)) return { rule: 'file/pretty-printed', params: {} };
  const isSomeJson = lines.some(
    ({ text: line, isComplete }) => /^[{[]\s*"|^\[\s*\{\s*"/.test(line) || !isComplete || parses(line),
  );
  if (isSomeJson) return undefined;
  return { rule: 'file/not-jsonl', params: { kind: kindOfText(lines.map((line) => line.text)) } };
}

function sniffBinary(sample: Uint8Array): ContainerFinding | undefined {
  const starts = (...bytes: number[]) => bytes.every((byte, index) => sample[index] === byte);
  if (starts(0xff, 0xfe, 0x00, 0x00) || starts(0x00, 0x00, 0xfe, 0xff)) return utf16('UTF-32');
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return utf16('UTF-16');
  if (starts(0x50, 0x4b, 0x03, 0x04)) {
    // A workbook is a zip archive whose first entries have these names.
    const names = String.fromCharCode(...sample.subarray(0, 4_096));
    if (names.includes('[Content_Types].xml') || names.includes('xl/'))
      return { rule: 'file/not-jsonl', params: { kind: 'xlsx' } };
    return { rule: 'file/compressed', params: { kind: 'zip', fault: 'archive' } };
  }
  if (starts(0x50, 0x41, 0x52, 0x31)) return { rule: 'file/not-jsonl', params: { kind: 'parquet' } };
  const nuls = countNuls(sample);
  if (nuls.even + nuls.odd === 0) return undefined;
  const pairs = Math.min(sample.length, NUL_SAMPLE) / 2;
  // ASCII in UTF-16 has a NUL in every second byte, and always on the same side.
  if (nuls.odd > pairs * 0.4 && nuls.even === 0) return utf16('UTF-16');
  if (nuls.even > pairs * 0.4 && nuls.odd === 0) return utf16('UTF-16');
  return nuls.even + nuls.odd > pairs * 0.2 ? { rule: 'file/not-jsonl', params: { kind: 'binary' } } : undefined;
}

const NUL_SAMPLE = 4_096;

function countNuls(sample: Uint8Array): { even: number; odd: number } {
  const counts = { even: 0, odd: 0 };
  for (let index = 0; index < Math.min(sample.length, NUL_SAMPLE); index += 1) {
    if (sample[index] !== 0) continue;
    if (index % 2 === 0) counts.even += 1;
    else counts.odd += 1;
  }
  return counts;
}

function utf16(encoding: string): ContainerFinding {
  return { rule: 'file/utf16', params: { encoding } };
}

/** The sample as text, without a byte order mark; a character that the sample cuts off is left out. */
function decodeSample(sample: Uint8Array, isWhole: boolean): string | undefined {
  for (let cut = 0; cut <= (isWhole ? 0 : 3); cut += 1) {
    const text = decodeUtf8(sample.subarray(0, sample.length - cut));
    if (text !== undefined) return text.startsWith('\ufeff') ? text.slice(1) : text;
  }
  return undefined;
}

/** CR between values and no LF anywhere: one CR inside a text would be a control character, not a line end. */
function isCarriageReturnOnly(text: string): boolean {
  return !text.includes('\n') && /\}\s*\r\s*\{/.test(text);
}

interface SampleLine {
  /** Without white space around it. */
  readonly text: string;
  /** Whether its end lies in the sample. */
  readonly isComplete: boolean;
}

/** The first lines that are not blank, and one more, which shows whether there are more. */
function firstLines(text: string, isWhole: boolean): SampleLine[] {
  const lines: SampleLine[] = [];
  let from = 0;
  while (from < text.length && lines.length < SNIFF_LINES) {
    const feed = text.indexOf('\n', from);
    const line = text.slice(from, feed === -1 ? text.length : feed).trim();
    if (line !== '') lines.push({ text: line, isComplete: feed !== -1 || isWhole });
    if (feed === -1) break;
    from = feed + 1;
  }
  return lines;
}

function isArrayFile(first: SampleLine, lines: readonly SampleLine[], isWhole: boolean): boolean {
  const holdsObjects = /^\[\s*\{/.test(first.text);
  if (!first.isComplete) return holdsObjects;
  if (parses(first.text)) return holdsObjects && lines.length === 1 && isWhole;
  return isUnclosed(first.text);
}

/** The first value goes on in the next line, and that is no example of its own. */
function isPrettyPrinted(first: SampleLine, lines: readonly SampleLine[]): boolean {
  const next = lines[1];
  if (!first.isComplete || next === undefined || (next.text.startsWith('{"') && parses(next.text))) return false;
  return isUnclosed(first.text);
}

/** Whether a text is the beginning of a JSON value that ends between two tokens. */
function isUnclosed(text: string): boolean {
  if (parses(text)) return false;
  const { finding } = explainSyntax(text);
  if (finding.rule !== 'json/syntax' || finding.params.reason !== 'truncated') return false;
  // A string that goes on in the next line is a raw line break: the fault of one line, not of the file.
  return readUpTo(text, text.length).expected !== 'string' && /[{[,:"\del}\]]$/.test(text);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function kindOfText(lines: readonly string[]): 'csv' | 'tsv' | 'yaml' | 'python-repr' | 'text' {
  const most = (test: (line: string) => boolean) => lines.filter(test).length * 2 > lines.length;
  if (most((line) => /^[{[(]\s*'/.test(line))) return 'python-repr';
  if (most((line) => line.includes('\t'))) return 'tsv';
  if (most((line) => /^(- |[\w-]+:( |$))/.test(line))) return 'yaml';
  if (most((line) => /[,;#|]/.test(line))) return 'csv';
  return 'text';
}
