/** What equal JSON values share: a few words of a hash, in an array of many. */
export interface Fingerprint {
  readonly words: Uint32Array;
  /** Where they begin. */
  readonly at: number;
}

/**
 * Fingerprints of the values of one example. What the example holds at its second level, its messages, is walked once
 * however often it is asked for: for the example, for its prompt, for its answer.
 */
export interface Fingerprinter {
  /** Writes the fingerprint of a value. @param words - How many words of 32 bits: 2 or 4. */
  write(value: unknown, out: Uint32Array, at: number, words: number): void;
  /** A number that equal JSON values share, whatever the order of their keys: 53 of 64 bits of a hash. */
  of(value: unknown): number;
  /** Begins with another example. */
  forget(): void;
}

/** Two 32-bit halves of a hash. */
interface Halves {
  readonly a: number;
  readonly b: number;
}

/** Messages stand in a list in an example, or in a list in the list that stands for a prompt. */
const MEMO_DEPTH = 2;

/** A fingerprinter without an example. */
export function createFingerprinter(): Fingerprinter {
  const memo = new Map<object, Halves>();
  return {
    of(value) {
      hash(value, 0, memo);
      return (hashA >>> 0) * 0x200000 + (hashB >>> 11);
    },
    write(value, out, at, words) {
      hash(value, 0, memo);
      const a = hashA;
      const b = hashB;
      out[at] = a;
      out[at + 1] = b;
      if (words < 4) return;
      finish(a + 0x9e3779b9, b ^ 0x7f4a7c15);
      out[at + 2] = hashA;
      out[at + 3] = hashB;
    },
    forget() {
      if (memo.size > 0) memo.clear();
    },
  };
}

/** The fingerprint of a single value; see {@link Fingerprinter.of}. */
export function valueFingerprint(value: unknown): number {
  hash(value, 0, undefined);
  return (hashA >>> 0) * 0x200000 + (hashB >>> 11);
}

// Where a hash is left: two numbers cannot be returned without an object for each.
let hashA = 0;
let hashB = 0;

function hash(value: unknown, depth: number, memo: Map<object, Halves> | undefined): void {
  if (typeof value === 'string') hashText(value, 1);
  else if (Array.isArray(value)) hashList(value, depth, memo);
  else if (typeof value === 'object' && value !== null) {
    const known = depth === MEMO_DEPTH ? memo?.get(value) : undefined;
    if (known !== undefined) {
      hashA = known.a;
      hashB = known.b;
      return;
    }
    hashObject(value, depth, memo);
    if (depth === MEMO_DEPTH) memo?.set(value, { a: hashA, b: hashB });
  } else if (typeof value === 'number') hashText(String(value), 2);
  else {
    hashA = value === true ? 0x2545f491 : value === false ? 0x6c078965 : 0x5bd1e995;
    hashB = ~hashA;
  }
}

function hashList(list: readonly unknown[], depth: number, memo: Map<object, Halves> | undefined): void {
  let a = 0x1b873593;
  let b = list.length;
  for (const entry of list) {
    hash(entry, depth + 1, memo);
    a = Math.imul(rotate(a, 13) ^ hashA, 0x85ebca6b);
    b = Math.imul(rotate(b, 11) ^ hashB, 0xc2b2ae35);
  }
  finish(a, b);
}

/** Keys in any order: the hashes of the pairs are added up. */
function hashObject(object: object, depth: number, memo: Map<object, Halves> | undefined): void {
  let a = 0x38b34ae5;
  let b = 0;
  for (const key in object) {
    hash((object as Record<string, unknown>)[key], depth + 1, memo);
    const valueA = hashA;
    const valueB = hashB;
    hashText(key, 3);
    finish(Math.imul(hashA ^ valueB, 0x85ebca6b) + valueA, Math.imul(hashB ^ valueA, 0xc2b2ae35) + valueB);
    a = (a + hashA) | 0;
    b = (b + hashB) | 0;
  }
  finish(a, b);
}

/** From so many characters on it pays to have the text as bytes, four of which are taken in at once. */
const MIN_ENCODED = 40;
/** So many characters are encoded at once. */
const MAX_ENCODED = 1 << 20;

const encoder = new TextEncoder();
let bytes = new Uint8Array(1 << 14);
let words = new Uint32Array(bytes.buffer);

function hashText(text: string, kind: number): void {
  if (text.length < MIN_ENCODED) hashCodes(text, kind);
  else if (text.length <= MAX_ENCODED) hashBytes(text, kind);
  else {
    let a = kind;
    let b = text.length;
    for (let from = 0; from < text.length; from += MAX_ENCODED) {
      hashBytes(text.slice(from, from + MAX_ENCODED), kind);
      a = Math.imul(rotate(a, 13) ^ hashA, 0x85ebca6b);
      b = Math.imul(rotate(b, 11) ^ hashB, 0xc2b2ae35);
    }
    finish(a, b);
  }
}

/*
 * In both loops both halves take in everything, by different functions, so that what one half confuses the other tells
 * apart. Source of the constants and of the first function: MurmurHash3 by Austin Appleby (x86, 32 bits).
 */

function hashCodes(text: string, kind: number): void {
  let a = kind;
  let b = ~kind;
  const pairs = text.length & ~1;
  for (let index = 0; index < pairs; index += 2) {
    const word = text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16);
    a = Math.imul(rotate(a ^ Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64;
    b = Math.imul(b ^ word, 0x9e3779b1);
    b ^= b >>> 15;
  }
  if (pairs < text.length) {
    const code = text.charCodeAt(pairs);
    a = Math.imul(a ^ code, 0xcc9e2d51);
    b = Math.imul(b ^ code, 0x9e3779b1);
  }
  finish(a ^ text.length, b + text.length);
}

/** UTF-8 has up to three bytes for a UTF-16 code unit. Halves of surrogate pairs all become U+FFFD. */
function hashBytes(text: string, kind: number): void {
  if (bytes.length < text.length * 3 + 4) {
    bytes = new Uint8Array(2 ** Math.ceil(Math.log2(text.length * 3 + 4)));
    words = new Uint32Array(bytes.buffer);
  }
  const { written } = encoder.encodeInto(text, bytes);
  bytes.fill(0, written, written + 4);
  let a = kind;
  let b = ~kind;
  const end = (written + 3) >>> 2;
  for (let index = 0; index < end; index += 1) {
    const word = words[index]!;
    a = Math.imul(rotate(a ^ Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64;
    b = Math.imul(b ^ word, 0x9e3779b1);
    b ^= b >>> 15;
  }
  finish(a ^ written, b + written);
}

/** Spreads every bit over all others, and each half over the other. */
function finish(a: number, b: number): void {
  let x = a ^ rotate(b, 16);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  let y = b ^ rotate(a, 7);
  y = Math.imul(y ^ (y >>> 15), 0x2c1b3c6d);
  y = Math.imul(y ^ (y >>> 12), 0x297a2d39);
  hashA = x ^ (x >>> 16);
  hashB = y ^ (y >>> 15);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
