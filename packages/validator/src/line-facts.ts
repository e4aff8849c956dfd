import { createFingerprints, RECORD_WORDS, type RecordKind } from './formats/fingerprint.js';
import type { FormatName } from './formats/index.js';
import { LINE_FLAGS, MAX_TEXTS, sharedLineScanner } from './json/line-scanner.js';
import type { LineText } from './reporter.js';
import { ALL_TRAITS } from './rules/traits.js';
import type { PlainChat } from './tokens/count-tokens.js';

/** A line that nobody had to decode yet. */
export interface LineBytes extends LineText {
  /** Without the line break; valid during the call only. */
  readonly bytes: Uint8Array;
}

/** What one scan tells of the line at hand, so that nobody has to look for it in the parsed value. */
export interface LineFacts {
  /** Scans a line that was not parsed. @returns Whether it is a chat of plain texts and hides nothing. */
  scan(line: LineBytes): boolean;
  /** Whether the line that was scanned last is no JSON at all, or not UTF-8, or nested too deep. */
  readonly isBroken: boolean;
  /** Sees to it that what follows is about this line, which was parsed. */
  read(line: LineText, value: object): void;
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
   * has names, or too many messages.
   */
  plainChat(): PlainChat | undefined;
}

const HIDDEN = LINE_FLAGS.sameKeys | LINE_FLAGS.oddEscape | LINE_FLAGS.overflow | LINE_FLAGS.separator;
const ALL_FLAGS = HIDDEN | LINE_FLAGS.uncertainShape;

/** @param longText - So many bytes a text may have and is not long. */
export function createLineFacts(longText: number | undefined): LineFacts {
  const scanner = sharedLineScanner();
  const fingerprints = createFingerprints(scanner);
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
  let scans = 0;

  const take = (isScanned: boolean) => {
    flags = isScanned ? scanner.flags : ALL_FLAGS;
    traits = isScanned ? scanner.traits : ALL_TRAITS;
  };

  return {
    scan({ bytes, number }) {
      const isScanned = scanner.scan(bytes, longText);
      take(isScanned);
      scannedLine = isScanned ? number : 0;
      scans = scanner.scans;
      return flags === 0;
    },
    get isBroken() {
      return scanner.isBroken;
    },
    read(line, parsed) {
      value = parsed;
      if (line.number === scannedLine && scanner.scans === scans) return;
      take(scanner.scanText(line.text, longText));
      scans = scanner.scans;
    },
    get hidesSomething() {
      return (flags & HIDDEN) !== 0;
    },
    get isPlainChat() {
      return (flags & LINE_FLAGS.uncertainShape) === 0;
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
      const count = scanner.texts;
      if (count > MAX_TEXTS) return undefined;
      for (let index = 0; index < count; index += 1) if (scanner.hasName(index)) return undefined;
      plain.messages = count;
      return plain;
    },
  };
}
