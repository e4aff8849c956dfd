import type { Finding } from '../rules/index.js';
import { shorten } from '../rules/quote.js';
import { findDuplicateKeys } from './duplicate-keys.js';
import { createLocator, type Span } from './locate.js';
import type { JsonPath } from './path.js';
import { endOfString } from './string-end.js';

/** Something in a line that `JSON.parse` accepts without a word. */
export interface InspectedFinding {
  readonly finding: Finding;
  readonly span: Span;
  readonly path: JsonPath;
}

/** Characters at which some readers, Python's `str.splitlines` among them, break lines. */
const SEPARATORS = [
  ['\u2028', 'U+2028', 'line separator'],
  ['\u2029', 'U+2029', 'paragraph separator'],
  ['\u0085', 'U+0085', 'next-line character'],
] as const;

/**
 * What a line hides: keys that occur twice, numbers that overflow, half surrogate pairs, NUL, raw separators.
 *
 * The clean line costs one hop from string to string and one walk of the value; places are looked for only when the
 * two disagree.
 *
 * @param text - A line that `JSON.parse` accepts.
 * @param value - What it gave.
 */
export function inspectLine(text: string, value: object): InspectedFinding[] {
  const findings: InspectedFinding[] = [];
  const walk: Walk = { keys: 0, hasEscapes: text.includes('\\u'), path: [], suspects: [] };
  visit(value, walk);
  if (countKeys(text) !== walk.keys) {
    for (const { span, path, key } of findDuplicateKeys(text)) {
      findings.push({ finding: { rule: 'json/duplicate-key', params: { key: shorten(key) } }, span, path });
    }
  }
  if (walk.suspects.length > 0) {
    const locate = createLocator(text);
    for (const { path, at } of walk.suspects) inspectSuspect(text, locate(path, at), path, findings);
  }
  for (const [character, code, name] of SEPARATORS) {
    const start = text.indexOf(character);
    if (start === -1) continue;
    const finding = { rule: 'line/raw-separator', params: { character: code, name } } as const;
    findings.push({ finding, span: { start, end: start + 1 }, path: [] });
  }
  return findings;
}

interface Walk {
  keys: number;
  /** Without a `\u` in the line no text can hold what only an escape brings in. */
  readonly hasEscapes: boolean;
  readonly path: (string | number)[];
  /** Values and keys that must be looked at in the text. */
  readonly suspects: Suspect[];
}

interface Suspect {
  readonly path: JsonPath;
  readonly at: 'key' | 'value';
}

function visit(value: unknown, walk: Walk): void {
  if (typeof value === 'string') {
    if (walk.hasEscapes && isSuspect(value)) walk.suspects.push({ path: [...walk.path], at: 'value' });
  } else if (typeof value === 'number') {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      walk.suspects.push({ path: [...walk.path], at: 'value' });
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      walk.path.push(index);
      visit(value[index], walk);
      walk.path.pop();
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      walk.keys += 1;
      walk.path.push(key);
      if (walk.hasEscapes && isSuspect(key)) walk.suspects.push({ path: [...walk.path], at: 'key' });
      visit((value as Record<string, unknown>)[key], walk);
      walk.path.pop();
    }
  }
}

/** A NUL or one half of a surrogate pair. */
function isSuspect(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text);
}

/** How many strings of a line are keys: those with a colon behind them. */
function countKeys(text: string): number {
  let keys = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    let end = endOfString(text, start);
    let code = text.charCodeAt(end);
    while (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) {
      end += 1;
      code = text.charCodeAt(end);
    }
    if (code === 0x3a) keys += 1;
    start = text.indexOf('"', end);
  }
  return keys;
}

function inspectSuspect(text: string, span: Span, path: JsonPath, findings: InspectedFinding[]): void {
  const raw = text.slice(span.start, span.end);
  if (!raw.startsWith('"')) {
    findings.push({ finding: { rule: 'json/number-overflow', params: { number: shorten(raw) } }, span, path });
    return;
  }
  let hasNul = false;
  for (const { escaped, start } of loneEscapes(raw)) {
    const place = { start: span.start + start, end: span.start + start + escaped.length };
    if (!escaped.endsWith('0000'))
      findings.push({ finding: { rule: 'json/lone-surrogate', params: { escape: escaped } }, span: place, path });
    else if (!hasNul) {
      hasNul = true;
      findings.push({ finding: { rule: 'json/nul-character', params: {} }, span: place, path });
    }
  }
}

/** The escapes of a raw string that stand for NUL or for half a pair. */
function* loneEscapes(raw: string): Generator<{ escaped: string; start: number }> {
  const escapes = /\\(?:u([\da-fA-F]{4})|.)/g;
  for (let match = escapes.exec(raw); match !== null; match = escapes.exec(raw)) {
    const code = match[1] === undefined ? -1 : Number.parseInt(match[1], 16);
    if (code === 0) yield { escaped: match[0], start: match.index };
    else if (code >= 0xd800 && code <= 0xdbff) {
      const low = /^\\u[dD][c-fC-F][\da-fA-F]{2}/.exec(raw.slice(escapes.lastIndex, escapes.lastIndex + 6));
      if (low === null) yield { escaped: match[0], start: match.index };
      else escapes.lastIndex += 6;
    } else if (code >= 0xdc00 && code <= 0xdfff) yield { escaped: match[0], start: match.index };
  }
}
