import {
  CALL_PARTS,
  CALL_WORDS,
  CALLS,
  EXAMPLE,
  FLAGS,
  HASH_WORDS,
  NAMED,
  PAIR_AT,
  PAIR_BITS,
  PAIRS,
  type PassedLines,
  ROLE_BITS,
  ROLES,
  start,
  TEXT_WORDS,
  TEXTS,
  TOOLS_AT,
  TRAITS,
  UNTRAINED,
  viewsOf,
} from './scanner-instance.js';

/*
 * The scanner (`scanner/`) in its WebAssembly memory. It reads a line once, as bytes, at a multiple of the speed of
 * `JSON.parse`, and tells what the rules would otherwise have to look for in the parsed value.
 */

/** What a line holds that wants a closer look: bits of {@link LineScanner.flags}. */
export const LINE_FLAGS = {
  /** Two keys of an object are perhaps the same. */
  sameKeys: 1,
  /** An escape stands for NUL, or for half of a surrogate pair. */
  oddEscape: 2,
  /** A number is too large for a double. */
  overflow: 4,
  /** U+2028, U+2029 or U+0085 stands there raw. */
  separator: 8,
  /** The shape is not certainly that of a chat of plain texts. */
  uncertainShape: 16,
  /** It declares tools or calls them, in order as far as the scan can tell: what is declared was not looked at. */
  uncheckedTools: 32,
} as const;

/** What has a prompt and an answer, as the scanner tells them apart. */
export type PairFormat = 'chat' | 'preference' | 'completion';

/** Reads lines; whatever it says is of the line that was scanned last. */
export interface LineScanner {
  /**
   * @param bytes - The line without its line break.
   * @param longText - So many bytes a text may have and is not long.
   * @returns Whether it is one JSON object in UTF-8, not nested deeper than `MAX_DEPTH`; if not, nothing else is told.
   */
  scan(bytes: Uint8Array, longText?: number): boolean;
  /**
   * Scans lines while they pass: chats that hide nothing and have none of these traits.
   *
   * @param bytes - With the line feeds. What was copied of them at one call is not copied at the next.
   * @param from - Where a line begins.
   * @returns How many have passed: 256 at most, none where there is no whole line of a usual length.
   */
  scanLines(
    bytes: Uint8Array,
    from: number,
    numbers: FirstLine,
    longText: number | undefined,
    loudTraits: number,
  ): number;
  /** Where the line begins that {@link LineScanner.scanLines} stopped at. */
  readonly next: number;
  /** Whether that line was scanned: whatever this says is of that line then. */
  readonly isNextScanned: boolean;
  /** What is left of the lines that have passed, until the next scan. */
  readonly passed: PassedLines;
  /** @param text - A line, well-formed: without lone surrogates. */
  scanText(text: string, longText?: number): boolean;
  /** Reads any JSON value, for {@link LineScanner.exampleHash} only; flags, traits and pairs are left as they were. */
  scanValue(text: string): boolean;
  /** Whether the line is one JSON object. */
  readonly isObject: boolean;
  /** Whether the line was no JSON at all, or not UTF-8, or nested too deep. */
  readonly isBroken: boolean;
  /** Writes a hash of a text: four words. Flags, traits and pairs are left as they were. */
  textHash(text: string, into: Uint32Array, at: number): void;
  /** How many scans there were: what tells somebody whether his own was the last. */
  readonly scans: number;
  /** Bits of {@link LINE_FLAGS}. */
  readonly flags: number;
  /** What the example has of all that rules look for: bits, see rules/traits.ts. */
  readonly traits: number;
  /** Writes the hash of the whole value: four words. */
  exampleHash(into: Uint32Array, at: number): void;
  /**
   * Writes the hashes of the prompt and of the answer: four words each.
   *
   * @returns Whether there are two; if not, nothing is written.
   */
  pairHashes(format: PairFormat, into: Uint32Array, at: number): boolean;
  /** Writes the hash of the list of tools: four words, those of nothing where there is none. */
  toolsHash(into: Uint32Array, at: number): void;
  /** How many calls the chat has, when its shape is certain. */
  readonly calls: number;
  /** A text of a call of a chat whose shape is certain, in UTF-8, escapes resolved; valid until the next scan. */
  callText(call: number, part: CallPart): Uint8Array;
  /** How many messages the chat has; their texts can be asked for up to 256 of them. */
  readonly texts: number;
  /** The role of a message whose shape is certain. */
  roleOf(message: number): 'system' | 'user' | 'assistant';
  /** Whether its weight is 0. */
  isUntrained(message: number): boolean;
  /** Whether it has a `name`. */
  hasName(message: number): boolean;
  /** The text of a message whose shape is certain, in UTF-8, escapes resolved; valid until the next scan. */
  textOf(message: number): Uint8Array;
}

/** The first of some lines. */
export interface FirstLine {
  /** Where the bytes stand in the file, in which the line is. */
  readonly place: number;
  readonly line: number;
  readonly example: number;
}

/** What of a call is a text. */
export type CallPart = 'id' | 'name' | 'arguments';

/** So many bytes are copied for lines that are scanned together; a longer line is scanned alone. */
export const WINDOW = 64 * 1024;
/** After a line that needed more than this the memory is given back. */
const MAX_LINE = 16 * 1024 * 1024;
/** UTF-8 has at most three bytes for a UTF-16 code unit. */
const BYTES_PER_UNIT = 3;
const NO_LIMIT = 0xffffffff;

// What a scan returns.
const BROKEN = 0;
const AN_OBJECT = 1;
const NOT_SCANNED = 3;
const NOT_WHOLE = 4;

const encoder = new TextEncoder();

/** A scanner with 1 MB of memory. */
export function createLineScanner(): LineScanner {
  let instance = start();
  let scans = 0;
  let outcome = BROKEN;
  /** What of which bytes was copied last, and where those stand; nothing of it once another line is scanned. */
  let copied: Uint8Array | undefined;
  let copiedFrom = 0;
  let copiedTo = 0;
  let copiedPlace = 0;
  let copiedScans = 0;

  const makeRoom = (size: number) => {
    if (size > MAX_LINE || instance.room.length > MAX_LINE) instance = start();
    if (size > instance.room.length) Object.assign(instance, viewsOf(instance.exports, size));
  };
  const write = (text: string): number => {
    const most = text.length * BYTES_PER_UNIT;
    if (most > instance.room.length || instance.room.length > MAX_LINE) makeRoom(most);
    return encoder.encodeInto(text, instance.room).written;
  };
  const copy = (from: number, words: number, into: Uint32Array, at: number) => {
    const { result } = instance;
    for (let word = 0; word < words; word += 1) into[at + word] = result[from + word]!;
  };

  return {
    scan(bytes, longText = NO_LIMIT) {
      scans += 1;
      if (bytes.length > instance.room.length || instance.room.length > MAX_LINE) makeRoom(bytes.length);
      instance.room.set(bytes);
      outcome = instance.exports.scan(bytes.length, longText);
      return outcome === AN_OBJECT;
    },
    scanLines(bytes, from, { place, line, example }, longText = NO_LIMIT, loudTraits) {
      const { exports } = instance;
      const scanCopied = () =>
        instance.exports.scanLines(
          from - copiedFrom,
          copiedTo - copiedFrom,
          longText,
          loudTraits,
          place + copiedFrom,
          line,
          example,
        );
      const isThere =
        bytes === copied && scans === copiedScans && place === copiedPlace && from >= copiedFrom && from < copiedTo;
      let passed = isThere ? scanCopied() : 0;
      const isCut = isThere && passed === 0 && exports.outcome.value === NOT_WHOLE && copiedTo < bytes.length;
      if (!isThere || isCut) {
        if (instance.room.length > MAX_LINE) makeRoom(0);
        copied = bytes;
        copiedFrom = from;
        copiedTo = Math.min(bytes.length, from + WINDOW);
        copiedPlace = place;
        instance.room.set(bytes.subarray(from, copiedTo));
        passed = scanCopied();
      }
      scans += 1;
      copiedScans = scans;
      const said = instance.exports.outcome.value;
      outcome = said < NOT_SCANNED ? said : BROKEN;
      return passed;
    },
    get next() {
      return copiedFrom + instance.exports.next.value;
    },
    get isNextScanned() {
      return instance.exports.outcome.value < NOT_SCANNED;
    },
    get passed() {
      return instance.passed;
    },
    scanText(text, longText = NO_LIMIT) {
      scans += 1;
      // Writing may put another instance in the place of this one.
      const length = write(text);
      outcome = instance.exports.scan(length, longText);
      return outcome === AN_OBJECT;
    },
    scanValue(text) {
      scans += 1;
      const length = write(text);
      return instance.exports.scanValue(length) !== 0;
    },
    get isObject() {
      return outcome === AN_OBJECT;
    },
    get isBroken() {
      return outcome === BROKEN;
    },
    textHash(text, into, at) {
      scans += 1;
      const length = write(text);
      instance.exports.hashText(length);
      copy(EXAMPLE, HASH_WORDS, into, at);
    },
    get scans() {
      return scans;
    },
    get flags() {
      return instance.result[FLAGS]!;
    },
    get traits() {
      return instance.result[TRAITS]!;
    },
    exampleHash(into, at) {
      copy(EXAMPLE, HASH_WORDS, into, at);
    },
    pairHashes(format, into, at) {
      if ((instance.result[PAIRS]! & PAIR_BITS[format]) === 0) return false;
      copy(PAIR_AT[format], 2 * HASH_WORDS, into, at);
      return true;
    },
    toolsHash(into, at) {
      copy(TOOLS_AT, HASH_WORDS, into, at);
    },
    get calls() {
      return instance.result[CALLS]!;
    },
    callText(call, part) {
      const at = call * CALL_WORDS + CALL_PARTS[part];
      return new Uint8Array(instance.exports.memory.buffer, instance.calls[at]!, instance.calls[at + 1]!);
    },
    get texts() {
      return instance.result[TEXTS]!;
    },
    roleOf(message) {
      return ROLES[instance.texts[message * TEXT_WORDS]! & ROLE_BITS]!;
    },
    isUntrained(message) {
      return (instance.texts[message * TEXT_WORDS]! & UNTRAINED) !== 0;
    },
    hasName(message) {
      return (instance.texts[message * TEXT_WORDS]! & NAMED) !== 0;
    },
    textOf(message) {
      const at = message * TEXT_WORDS;
      return new Uint8Array(instance.exports.memory.buffer, instance.texts[at + 1]!, instance.texts[at + 2]!);
    },
  };
}

let shared: LineScanner | undefined;

/** The scanner for whoever takes what it says before anybody else can scan: nothing is awaited in between. */
export function sharedLineScanner(): LineScanner {
  shared ??= createLineScanner();
  return shared;
}
