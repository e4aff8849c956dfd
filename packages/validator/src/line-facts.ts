import { createFingerprints, RECORD_WORDS, type RecordKind } from './formats/fingerprint.js';
import type { FormatName } from './formats/index.js';
import { type FirstLine, LINE_FLAGS, sharedLineScanner } from './json/line-scanner.js';
import { MAX_TEXTS, type PassedLines } from './json/scanner-instance.js';
import { createKnownTools, type KnownToolsParts } from './known-tools.js';
import type { LineText } from './reporter.js';
import { ALL_TRAITS, TRAITS } from './rules/traits.js';
import type { PlainChat } from './tokens/count-tokens.js';

/** A line that nobody had to decode yet. */
export interface LineBytes extends LineText {
  /** Without the line break; valid during the call only. */
  readonly bytes: Uint8Array;
}

/** What one scan tells of the line at hand, so that nobody has to look for it in the parsed value. */
export interface LineFacts {
  /**
   * Scans a line that was not parsed.
   *
   * @returns Whether its shape is certainly that of a chat, tools aside, and it hides nothing.
   */
  scan(line: LineBytes): boolean;
  /**
   * Scans lines while they are chats of plain texts that hide nothing and have none of these traits. The line that it stops
   * at need not be scanned again.
   *
   * @param bytes - With the line feeds. @param from - Where a line begins.
   * @returns How many have passed; what is left of them is in `passed`.
   */
  scanLines(bytes: Uint8Array, from: number, first: FirstLine, loudTraits: number): number;
  readonly passed: PassedLines;
  /** Where the line begins that it stopped at. */
  readonly next: number;
  /** What it has beside those traits that are settled with its tools. */
  readonly traitsBesideTools: number;
  /**
   * Holds what the line that was scanned last declares and calls against what is known. @returns Whether nothing is wrong
   * with it; then it has nothing any more that rules for tools and calls look for.
   */
  settleTools(): boolean;
  /** Whether this line was the last that was scanned, and calls nothing, or only what is known to be in order. */
  hasNoCalls(line: LineText): boolean;
  /** Whether the line that was scanned last is no JSON at all, or not UTF-8, or nested too deep. */
  readonly isBroken: boolean;
  /** Sees to it that what follows is about this line, which was parsed. */
  read(line: LineText, value: object): void;
  /** Takes note of the tools of the line at hand, which was parsed: other lines may have the same. */
  learnTools(line: LineText): void;
  /** Whether something is hidden in it: a key that stands twice, an odd escape, an overflow, a raw separator. */
  readonly hidesSomething: boolean;
  /** Whether it certainly has the shape of a chat. */
  readonly isPlainChat: boolean;
  /** Bits, see rules/traits.ts. */
  readonly traits: number;
  /** Its fingerprints, once they were made: see formats/fingerprint.ts. */
  readonly record: Uint32Array;
  makeRecord(format: FormatName | 'unknown'): RecordKind;
  /**
   * The chat of plain texts that was scanned last, until another line is; `undefined` where not all of it is known: it
   * has tools, names, or too many messages.
   */
  plainChat(): PlainChat | undefined;
}

const HIDDEN = LINE_FLAGS.sameKeys | LINE_FLAGS.oddEscape | LINE_FLAGS.overflow | LINE_FLAGS.separator;
const ALL_FLAGS = HIDDEN | LINE_FLAGS.uncertainShape | LINE_FLAGS.uncheckedTools;
/** Whoever calls what is declared, and all is in order, has nothing of these that a rule looks for. */
const TOOL_TRAITS = TRAITS.tools | TRAITS.calls;

/**
 * @param longText - So many bytes a text may have and is not long.
 * @param judge - Who judges tools; without one they are never certain.
 */
export function createLineFacts(longText: number | undefined, judge?: Omit<KnownToolsParts, 'scanner'>): LineFacts {
  const scanner = sharedLineScanner();
  const fingerprints = createFingerprints(scanner);
  const tools = judge === undefined ? undefined : createKnownTools({ ...judge, scanner });
  const record = new Uint32Array(RECORD_WORDS);
  const plain = {
    messages: 0,
    roleOf: scanner.roleOf,
    isUntrained: scanner.isUntrained,
    textOf: scanner.textOf,
  };
  let flags: number = ALL_FLAGS;
  let traits = ALL_TRAITS;
  let value: object | undefined;
  // Others may scan when something is awaited between the scan of a line and its check.
  let scannedLine = 0;
  let hasTools = false;
  /** Where the line stands that was scanned behind those that have passed; -1 when none was. */
  let scannedPlace = -1;
  let scans = 0;

  const take = (isScanned: boolean) => {
    flags = isScanned ? scanner.flags : ALL_FLAGS;
    traits = isScanned ? scanner.traits : ALL_TRAITS;
    hasTools = false;
  };

  return {
    scan({ bytes, number, byteStart }) {
      const isAhead = byteStart === scannedPlace && scanner.scans === scans;
      scannedPlace = -1;
      const isScanned = isAhead ? scanner.isObject : scanner.scan(bytes, longText);
      take(isScanned);
      scannedLine = isScanned ? number : 0;
      scans = scanner.scans;
      return (flags & ~LINE_FLAGS.uncheckedTools) === 0;
    },
    scanLines(bytes, from, first, loudTraits) {
      const passed = scanner.scanLines(bytes, from, first, longText, loudTraits);
      scannedLine = 0;
      scans = scanner.scans;
      scannedPlace = scanner.isNextScanned ? first.place + scanner.next : -1;
      return passed;
    },
    get passed() {
      return scanner.passed;
    },
    get next() {
      return scanner.next;
    },
    get traitsBesideTools() {
      return traits & ~TOOL_TRAITS;
    },
    settleTools() {
      if (flags === 0) return true;
      if (flags !== LINE_FLAGS.uncheckedTools || tools === undefined || !tools.fit()) return false;
      flags = 0;
      traits &= ~TOOL_TRAITS;
      hasTools = true;
      return true;
    },
    hasNoCalls: ({ number }) => (traits & TRAITS.calls) === 0 && number === scannedLine && scanner.scans === scans,
    get isBroken() {
      return scanner.isBroken;
    },
    read(line, parsed) {
      value = parsed;
      if (line.number === scannedLine && scanner.scans === scans) return;
      take(scanner.scanText(line.text, longText));
      scans = scanner.scans;
    },
    learnTools(line) {
      if ((flags & (HIDDEN | LINE_FLAGS.uncheckedTools)) !== LINE_FLAGS.uncheckedTools || scanner.scans !== scans)
        return;
      tools?.learn(value!, line.byteLength ?? line.text.length);
    },
    get hidesSomething() {
      return (flags & HIDDEN) !== 0;
    },
    get isPlainChat() {
      return (flags & (LINE_FLAGS.uncertainShape | LINE_FLAGS.uncheckedTools)) === 0;
    },
    get traits() {
      return traits;
    },
    record,
    makeRecord(format) {
      // Of a key that stands twice the last value counts: the parsed one has it alone.
      // So does the text written again, where a rule has scanned another one since.
      if ((flags & LINE_FLAGS.sameKeys) !== 0 || scanner.scans !== scans)
        return fingerprints.ofLine(JSON.stringify(value), format, record);
      return fingerprints.ofScanned(format, record);
    },
    plainChat() {
      if (hasTools) return undefined;
      const count = scanner.texts;
      if (count > MAX_TEXTS) return undefined;
      for (let index = 0; index < count; index += 1) if (scanner.hasName(index)) return undefined;
      plain.messages = count;
      return plain;
    },
  };
}
