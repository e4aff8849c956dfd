import { FingerprintFileError } from '../errors.js';
import type { Fingerprint } from '../formats/fingerprint.js';
import type { FormatName } from '../formats/index.js';
import { fingerprintHash, WRITTEN_WORDS } from './fingerprint-hash.js';

/*
 * The file, all numbers of 32 bits and little-endian:
 *
 *   8 bytes   signature; as that of PNG it shows when a transfer took the file for text
 *   number    version
 *   number    length of what follows; JSON: { hash, words }
 *   records   one an example: line, number of the example, fingerprints of the whole, of its prompt, of its answer; both
 *             all zero when the example has no prompt and answer
 *   number    0: the records are over, for lines are counted from 1
 *   number    length of what follows; JSON: { examples, format, sha256, checksum }
 *
 * So it can be written and read as a stream, and a file that was cut off shows itself.
 */

const SIGNATURE = [0x89, 0x54, 0x47, 0x46, 0x50, 0x0d, 0x0a, 0x1a] as const;
const VERSION = 1;
const RECORD_NUMBERS = 2 + 3 * WRITTEN_WORDS;
const RECORD_BYTES = RECORD_NUMBERS * 4;
/** So many records are handed on at once. */
const PIECE_RECORDS = 1_024;
/** Longer than any header or end, which are read as a whole. */
const MAX_JSON_BYTES = 4_096;

/** Takes fingerprints down. */
export interface FingerprintSink {
  add(line: number, example: number, whole: Fingerprint, prompt?: Fingerprint, answer?: Fingerprint): void;
}

/** Writes a file of fingerprints, in constant memory when it is flushed as soon as it is full. */
export interface FingerprintWriter extends FingerprintSink {
  /** Whether there is enough to be handed on. */
  readonly isFull: boolean;
  flush(): Promise<void>;
  /** Ends the file. @param facts - Of the dataset. */
  end(facts: { readonly sha256: string; readonly format: FormatName | 'unknown' }): Promise<void>;
}

/** @param take - Gets the bytes. @returns `undefined` where nobody takes them. */
export function createFingerprintWriter(
  take: ((bytes: Uint8Array) => void | Promise<void>) | undefined,
): FingerprintWriter | undefined {
  if (take === undefined) return undefined;
  let bytes = new Uint8Array(2 * PIECE_RECORDS * RECORD_BYTES);
  let view = new DataView(bytes.buffer);
  let used = 0;
  let examples = 0;
  let checksum = 0;
  const number = (value: number) => {
    view.setUint32(used, value, true);
    used += 4;
  };
  const json = (value: unknown) => {
    const text = new TextEncoder().encode(JSON.stringify(value));
    number(text.length);
    bytes.set(text, used);
    used += text.length;
  };
  const fingerprint = (from: Fingerprint | undefined) => {
    for (let word = 0; word < WRITTEN_WORDS; word += 1) {
      const value = from === undefined ? 0 : from.words[from.at + word]!;
      number(value);
      checksum = mixed(checksum, value);
    }
  };
  bytes.set(SIGNATURE);
  used = SIGNATURE.length;
  number(VERSION);
  json({ hash: fingerprintHash(), words: WRITTEN_WORDS });

  return {
    get isFull() {
      return used >= PIECE_RECORDS * RECORD_BYTES;
    },
    add(line, example, whole, prompt, answer) {
      if (used + RECORD_BYTES > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
        view = new DataView(bytes.buffer);
      }
      number(line);
      number(example);
      fingerprint(whole);
      fingerprint(prompt);
      fingerprint(answer);
      checksum = mixed(mixed(checksum, line), example);
      examples += 1;
    },
    async flush() {
      const piece = bytes.slice(0, used);
      used = 0;
      if (piece.length > 0) await take(piece);
    },
    async end({ sha256, format }) {
      await this.flush();
      number(0);
      json({ examples, format, sha256, checksum: checksum >>> 0 });
      await this.flush();
    },
  };
}

function mixed(sum: number, value: number): number {
  return Math.imul(((sum << 5) | (sum >>> 27)) ^ value, 0x9e3779b1);
}

/** One example of a file of fingerprints. The words are overwritten by the next one. */
export interface WrittenFingerprints {
  readonly line: number;
  readonly example: number;
  readonly whole: Fingerprint;
  /** Absent where the example has no prompt and answer. */
  readonly prompt?: Fingerprint;
  readonly answer?: Fingerprint;
}

/** What a file of fingerprints must be of, and who takes it. */
export interface FingerprintReading {
  /** What the file is called, for messages. */
  readonly name: string;
  /** Of the dataset. */
  readonly sha256: string;
  /** Takes the next example. */
  readonly take: (fingerprints: WrittenFingerprints) => void;
  /** Called after some of them: reading waits for it. */
  readonly pause?: () => Promise<void>;
}

/**
 * Reads a file of fingerprints, in constant memory.
 *
 * @throws {FingerprintFileError} For what is no such file, damaged, cut off, of another dataset, of another version.
 */
export async function readFingerprints(source: AsyncIterable<Uint8Array>, reading: FingerprintReading): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    await readAll(createByteReader(iterator), reading);
  } finally {
    await iterator.return?.();
  }
}

async function readAll(reader: ByteReader, { name, sha256, take, pause }: FingerprintReading): Promise<void> {
  const fail = (what: string): never => {
    throw new FingerprintFileError(`the fingerprints ${name} ${what}`);
  };
  const need = async (bytes: number): Promise<void> => {
    if (!(await reader.fill(bytes))) fail('are cut off');
  };
  const number = async (): Promise<number> => {
    await need(4);
    return reader.number();
  };
  const json = async (): Promise<Record<string, unknown>> => {
    const length = await number();
    if (length > MAX_JSON_BYTES) fail('are damaged');
    await need(length);
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(reader.bytes(length)));
    } catch {
      return fail('are damaged');
    }
  };

  const isSigned = await reader.fill(SIGNATURE.length);
  const signature = isSigned ? reader.bytes(SIGNATURE.length) : [];
  if (SIGNATURE.some((byte, index) => signature[index] !== byte)) {
    fail('are no file of fingerprints, or were damaged on the way');
  }
  const version = await number();
  const { hash, words } = version === VERSION ? await json() : {};
  if (version !== VERSION || hash !== fingerprintHash() || words !== WRITTEN_WORDS) {
    fail('were written by another version of tunegate, whose fingerprints are others; check the dataset again');
  }

  const record = new Uint32Array(3 * WRITTEN_WORDS);
  const whole = { words: record, at: 0 };
  const parts = { prompt: { words: record, at: WRITTEN_WORDS }, answer: { words: record, at: 2 * WRITTEN_WORDS } };
  let examples = 0;
  let checksum = 0;
  for (;;) {
    const line = await number();
    if (line === 0) break;
    await need(RECORD_BYTES - 4);
    // All that is at hand, without a promise for each.
    for (let next = line; ; next = reader.number()) {
      const example = reader.number();
      let hasParts = false;
      for (let word = 0; word < record.length; word += 1) {
        const value = reader.number();
        record[word] = value;
        checksum = mixed(checksum, value);
        if (word >= WRITTEN_WORDS && value !== 0) hasParts = true;
      }
      checksum = mixed(mixed(checksum, next), example);
      examples += 1;
      take(hasParts ? { line: next, example, whole, ...parts } : { line: next, example, whole });
      if (reader.held < RECORD_BYTES || reader.peek() === 0) break;
    }
    await pause?.();
  }
  const end = await json();
  if (end.examples !== examples || end.checksum !== checksum >>> 0) fail('are damaged');
  if (await reader.fill(1)) fail('go on behind their end');
  if (end.sha256 !== sha256) fail('are those of another dataset, or of an earlier state of this one');
}

/** Bytes of pieces that are joined where that is needed. */
interface ByteReader {
  /** Reads until so many bytes are at hand. @returns Whether there are so many. */
  fill(length: number): Promise<boolean>;
  /** How many bytes are at hand. */
  readonly held: number;
  /** The next number of 32 bits, of bytes at hand. */
  number(): number;
  /** The same, without going on. */
  peek(): number;
  bytes(length: number): Uint8Array;
}

function createByteReader(iterator: AsyncIterator<Uint8Array>): ByteReader {
  let held = new Uint8Array(0);
  let view = new DataView(held.buffer);
  let at = 0;
  return {
    get held() {
      return held.length - at;
    },
    async fill(length) {
      while (held.length - at < length) {
        const next = await iterator.next();
        if (next.done) return false;
        const rest = held.subarray(at);
        const joined = new Uint8Array(rest.length + next.value.length);
        joined.set(rest);
        joined.set(next.value, rest.length);
        held = joined;
        view = new DataView(held.buffer);
        at = 0;
      }
      return true;
    },
    number() {
      at += 4;
      return view.getUint32(at - 4, true);
    },
    peek: () => view.getUint32(at, true),
    bytes(length) {
      at += length;
      return held.subarray(at - length, at);
    },
  };
}
