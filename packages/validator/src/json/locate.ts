import type { JsonPath } from './path.js';
import { endOfString } from './string-end.js';

/** A range of a text in UTF-16 code units, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the value, or the key, at a path stands in the text of a line.
 *
 * One scan of the line, with no parser between: called for reported lines only. Of a key that occurs twice the last one
 * counts, as it does for `JSON.parse`. A path that leads nowhere gives the span of the value where it ends.
 *
 * @param text - A line that `JSON.parse` accepts.
 * @param at - `key` gives the key with its quotes; for the whole value and for indexes it is the same as `value`.
 */
export function locatePath(text: string, path: JsonPath, at: 'key' | 'value'): Span {
  return createLocator(text)(path, at);
}

/**
 * Finds many places in one line, as {@link locatePath} does: from the second one on it remembers where the parts of each
 * object and list begin, so that a line with as many findings as it has values is not read once for each.
 */
export function createLocator(text: string): (path: JsonPath, at: 'key' | 'value') => Span {
  let isFirst = true;
  let find: FindStep | undefined;
  return (path, at) => {
    if (isFirst) isFirst = false;
    else find ??= createIndex(text);
    return spanOf(text, walk(text, skipSpace(text, 0), path, find ?? findStep), at);
  };
}

/** How far a path leads, and where to. */
interface Walked {
  readonly start: number;
  readonly key: Span | undefined;
  readonly steps: number;
}

function spanOf(text: string, { start, key }: Walked, at: 'key' | 'value'): Span {
  if (at === 'key' && key !== undefined) return key;
  return { start, end: skipValue(text, start) };
}

/** Where a step leads from the value that begins at `from`; `undefined` when there is nothing. */
type FindStep = (text: string, from: number, step: string | number) => Found | undefined;

interface Found {
  readonly value: number;
  readonly key: Span | undefined;
}

function walk(text: string, from: number, path: JsonPath, find: FindStep): Walked {
  let start = from;
  let key: Span | undefined;
  let steps = 0;
  for (const step of path) {
    const found = find(text, start, step);
    if (found === undefined) break;
    start = found.value;
    key = found.key;
    steps += 1;
  }
  return { start, key, steps };
}

function findStep(text: string, from: number, step: string | number): Found | undefined {
  return typeof step === 'number' ? findIndex(text, from, step) : findKey(text, from, step);
}

/** The begin of one item in so many is remembered of a list: a line may hold millions. */
const INDEXED_EVERY = 16;

/** Remembers the objects and lists that it was asked about. */
function createIndex(text: string): FindStep {
  const lists = new Map<number, readonly number[]>();
  const objects = new Map<number, ReadonlyMap<string, Found>>();
  return (_, from, step) => {
    if (typeof step === 'string') {
      const members = objects.get(from) ?? membersOf(text, from);
      objects.set(from, members);
      return members.get(step);
    }
    const starts = lists.get(from) ?? startsOf(text, from);
    lists.set(from, starts);
    const near = starts[Math.floor(step / INDEXED_EVERY)];
    return near === undefined ? undefined : findItem(text, near, step % INDEXED_EVERY);
  };
}

function membersOf(text: string, object: number): ReadonlyMap<string, Found> {
  const members = new Map<string, Found>();
  if (text.charCodeAt(object) !== OPEN_BRACE) return members;
  let position = skipSpace(text, object + 1);
  while (text.charCodeAt(position) === QUOTE) {
    const end = endOfString(text, position);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    const raw = text.slice(position, end);
    const name = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
    members.set(name, { value, key: { start: position, end } });
    position = skipComma(text, skipValue(text, value));
  }
  return members;
}

function startsOf(text: string, list: number): readonly number[] {
  const starts: number[] = [];
  if (text.charCodeAt(list) !== OPEN_BRACKET) return starts;
  let position = skipSpace(text, list + 1);
  for (let current = 0; text.charCodeAt(position) !== CLOSE_BRACKET && position < text.length; current += 1) {
    if (current % INDEXED_EVERY === 0) starts.push(position);
    position = skipComma(text, skipValue(text, position));
  }
  return starts;
}

function findIndex(text: string, array: number, index: number): Found | undefined {
  if (text.charCodeAt(array) !== OPEN_BRACKET) return undefined;
  return findItem(text, skipSpace(text, array + 1), index);
}

/** @param first - Where an item begins, or the list ends. @param index - Counted from that item. */
function findItem(text: string, first: number, index: number): Found | undefined {
  let position = first;
  for (let current = 0; text.charCodeAt(position) !== CLOSE_BRACKET && position < text.length; current += 1) {
    if (current === index) return { value: position, key: undefined };
    position = skipComma(text, skipValue(text, position));
  }
  return undefined;
}

function findKey(text: string, object: number, name: string): Found | undefined {
  if (text.charCodeAt(object) !== OPEN_BRACE) return undefined;
  let found: Found | undefined;
  let position = skipSpace(text, object + 1);
  while (text.charCodeAt(position) === QUOTE) {
    const end = endOfString(text, position);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (isKey(text, position, end, name)) found = { value, key: { start: position, end } };
    position = skipComma(text, skipValue(text, value));
  }
  return found;
}

function isKey(text: string, start: number, end: number, name: string): boolean {
  // Written alike is meant alike, unless what is written is an escape.
  if (end - start - 2 === name.length && text.startsWith(name, start + 1)) return !name.includes('\\');
  // Only an escaped key can be longer than what it means.
  if (end - start - 2 < name.length) return false;
  const raw = text.slice(start, end);
  return raw.includes('\\') && JSON.parse(raw) === name;
}

function skipValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let end = start;
    while (end < text.length && !isDelimiter(text.charCodeAt(end))) end += 1;
    return end;
  }
  let depth = 0;
  let position = start;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = endOfString(text, position);
      continue;
    }
    position += 1;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return position;
    }
  }
  return position;
}

function skipComma(text: string, position: number): number {
  const comma = skipSpace(text, position);
  return text.charCodeAt(comma) === COMMA ? skipSpace(text, comma + 1) : comma;
}

function skipSpace(text: string, start: number): number {
  let position = start;
  while (isSpace(text.charCodeAt(position))) position += 1;
  return position;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function isDelimiter(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code);
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
