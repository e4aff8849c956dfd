import { beginValue, endItem, endList, endMember, endObject, inside, memberOf } from './example';
import { note, SAME_KEYS } from './flags';
import { BOOLEAN, LIST, NULL, NUMBER, OBJECT, OTHER, STRING } from './kinds';
import { absorb, begin, finish, h1, h2, hashBytes, resume, stateA, stateB } from './murmur';
import { number, readNumberAt } from './numbers';
import {
  FALSE,
  KEY_SEED,
  LIST_SEED,
  LITERAL_SEED,
  NULL_WORD,
  NUMBER_SEED,
  OBJECT_SEED,
  PAIR_SEED,
  TEXT_SEED,
  TRUE,
} from './seeds';
import { readString, textAt, textLength } from './strings';

/** As json/depth.ts has it: what is deeper is for others to refuse. */
const MAX_DEPTH = 500;
/** So many keys of an object are compared with each other. */
const MAX_KEYS: usize = 32;
const KEY_SIZE: usize = 8;

/** The hashes of the keys of all open objects. */
export const KEYS_SIZE: usize = <usize>MAX_DEPTH * MAX_KEYS * KEY_SIZE;
let keysEnd: usize = 0;

/** Where the scan stands. */
let at: usize = 0;
/** What the last value was. */
let kind: u32 = 0;

/**
 * Reads the one value of a text, and leaves its hash in `h1` and `h2`.
 *
 * @param keys - Room for the hashes of keys.
 * @returns Its kind; 0 when the text is no JSON.
 */
export function readWhole(start: usize, end: usize, keys: usize, context: u32): u32 {
  at = start;
  keysEnd = keys;
  skipSpace();
  if (!readValue(0, context)) return 0;
  skipSpace();
  return at === end ? kind : 0;
}

/** Reads a value, and leaves its hash in `h1` and `h2`. Returns whether it is JSON. */
function readValue(depth: i32, context: u32): bool {
  const first = load<u8>(at);
  switch (first) {
    case 0x22: {
      const end = readString(at + 1);
      if (end === 0) return false;
      at = end;
      kind = STRING;
      hashBytes(textAt, textLength, TEXT_SEED);
      return true;
    }
    case 0x7b: {
      at += 1;
      return depth < MAX_DEPTH && readObject(depth + 1, beginValue(context, OBJECT));
    }
    case 0x5b: {
      at += 1;
      return depth < MAX_DEPTH && readList(depth + 1, beginValue(context, LIST));
    }
    case 0x74:
      return load<u32>(at) === 0x65757274 && literal(4, BOOLEAN, TRUE);
    case 0x66:
      return load<u32>(at, 1) === 0x65736c61 && literal(5, BOOLEAN, FALSE);
    case 0x6e:
      return load<u32>(at) === 0x6c6c756e && literal(4, NULL, NULL_WORD);
    default: {
      const end = readNumberAt(at);
      if (end === 0) return false;
      at = end;
      kind = NUMBER;
      begin(NUMBER_SEED);
      absorb(reinterpret<u64>(number), 0);
      finish(1);
      return true;
    }
  }
}

function literal(length: usize, literalKind: u32, value: u64): bool {
  at += length;
  kind = literalKind;
  begin(LITERAL_SEED);
  absorb(value, 0);
  finish(1);
  return true;
}

/** The hash of a list is that of the hashes of its items. */
function readList(depth: i32, context: u32): bool {
  let a = LIST_SEED;
  let b = LIST_SEED;
  let count: u32 = 0;
  skipSpace();
  if (load<u8>(at) === 0x5d) at += 1;
  else {
    while (true) {
      if (!readValue(depth, inside(context, 0))) return false;
      const item1 = h1;
      const item2 = h2;
      if (context !== OTHER) endItem(context, kind, count, a, b);
      resume(a, b);
      absorb(item1, item2);
      a = stateA();
      b = stateB();
      count += 1;
      const next = readComma(0x5d);
      if (next === END) break;
      if (next === FAULT) return false;
    }
  }
  if (context !== OTHER) endList(context, count);
  resume(a, b);
  finish(count);
  kind = LIST;
  return true;
}

/** The hash of an object is that of the sum of the hashes of its pairs, whose order means nothing. */
function readObject(depth: i32, context: u32): bool {
  const keys = keysEnd;
  let a: u64 = 0;
  let b: u64 = 0;
  let count: u32 = 0;
  skipSpace();
  if (load<u8>(at) === 0x7d) at += 1;
  else {
    while (true) {
      if (load<u8>(at) !== 0x22) return false;
      const end = readString(at + 1);
      if (end === 0) return false;
      at = end;
      const member = context === OTHER ? 0 : memberOf(context, textAt, textLength);
      hashBytes(textAt, textLength, KEY_SEED);
      const key1 = h1;
      const key2 = h2;
      noteKey(keys, key1);
      skipSpace();
      if (load<u8>(at) !== 0x3a) return false;
      at += 1;
      skipSpace();
      if (!readValue(depth, inside(context, member))) return false;
      const value1 = h1;
      const value2 = h2;
      if (context !== OTHER) endMember(context, member, kind, value1, value2);
      begin(PAIR_SEED);
      absorb(key1, key2);
      absorb(value1, value2);
      finish(2);
      a += h1;
      b += h2;
      count += 1;
      const next = readComma(0x7d);
      if (next === END) break;
      if (next === FAULT) return false;
    }
  }
  keysEnd = keys;
  begin(OBJECT_SEED);
  absorb(a, b);
  finish(count);
  kind = OBJECT;
  if (context !== OTHER) endObject(context);
  return true;
}

const FAULT: u32 = 0;
const MORE: u32 = 1;
const END: u32 = 2;

/** What comes behind an item: a comma and {@link MORE}, or the closing bracket and the {@link END}. */
@inline
function readComma(close: u8): u32 {
  skipSpace();
  const byte = load<u8>(at);
  at += 1;
  if (byte === close) return END;
  if (byte !== 0x2c) return FAULT;
  skipSpace();
  return MORE;
}

function noteKey(keys: usize, hash: u64): void {
  for (let key = keys; key < keysEnd; key += KEY_SIZE) {
    if (load<u64>(key) === hash) note(SAME_KEYS);
  }
  if (keysEnd - keys === MAX_KEYS * KEY_SIZE) {
    note(SAME_KEYS);
    return;
  }
  store<u64>(keysEnd, hash);
  keysEnd += KEY_SIZE;
}

@inline
function skipSpace(): void {
  let byte = load<u8>(at);
  while (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) {
    at += 1;
    byte = load<u8>(at);
  }
}
