import { endOfString } from './string-end.js';

/**
 * `JSON.parse`, right also where V8 is not.
 *
 * V8 13.6 to at least 14.6 (Node 24 and 26) reads a key that is written with an escape as a key that it has met before
 * in an object of the same keys so far, when that one ends as the first characters of the raw text do: after
 * `{"a":1,"\\":2}` the text `{"a":1,"\n":2}` gives the keys `a` and `\`, and `{"a":1,"\u0061":2}` two keys instead of
 * one. There, and only for texts with such a key, this file reads the objects itself.
 *
 * @throws {SyntaxError} When the text is not JSON.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return MISREADS_ESCAPED_KEYS && hasEscapedKey(text) ? readJson(text) : value;
}

/** Asked once, by showing V8 both texts. */
const MISREADS_ESCAPED_KEYS = ['{"misread":0,"\\\\":0}', '{"misread":0,"\\n":0}']
  .map((text) => JSON.parse(text) as object)
  .every((value) => Object.hasOwn(value, '\\'));

/** Whether a key is written with an escape; visits only strings that have one. */
export function hasEscapedKey(text: string): boolean {
  const colon = /[ \t\r\n]*:/y;
  for (let start = text.indexOf('\\'); start !== -1; ) {
    // The string is entered at its first escape: its closing quote is the same from there.
    const end = endOfString(text, start - 1);
    colon.lastIndex = end;
    if (colon.test(text)) return true;
    start = text.indexOf('\\', end);
  }
  return false;
}

/**
 * Reads JSON, each string, number and word of it by `JSON.parse`, which is right about those.
 *
 * @param text - What `JSON.parse` accepts, nested no deeper than the stack is.
 */
export function readJson(text: string): unknown {
  const word = /[^,\]}\s]+/y;
  let at = 0;
  const skipSpace = () => {
    while (text.charCodeAt(at) <= 0x20) at += 1;
  };
  const readUpTo = (end: number): unknown => {
    const raw = text.slice(at, end);
    at = end;
    return JSON.parse(raw);
  };
  /** Calls `member` before each member, and leaves behind the closing bracket. */
  const readMembers = (close: string, member: () => void) => {
    at += 1;
    for (skipSpace(); text[at] !== close; skipSpace()) {
      if (text[at] === ',') at += 1;
      skipSpace();
      member();
    }
    at += 1;
  };
  const readValue = (): unknown => {
    skipSpace();
    switch (text[at]) {
      case '"':
        return readUpTo(endOfString(text, at));
      case '[': {
        const elements: unknown[] = [];
        readMembers(']', () => elements.push(readValue()));
        return elements;
      }
      case '{': {
        const object = {};
        readMembers('}', () => {
          const key = readUpTo(endOfString(text, at)) as string;
          at = text.indexOf(':', at) + 1;
          // Not by assignment: `__proto__` is a key like any other.
          const field = { value: readValue(), enumerable: true, configurable: true, writable: true };
          Object.defineProperty(object, key, field);
        });
        return object;
      }
      default:
        word.lastIndex = at;
        word.test(text);
        return readUpTo(word.lastIndex);
    }
  };
  return readValue();
}
