import type { Finding } from '../rules/index.js';
import type { SyntaxReason } from '../rules/json/syntax.js';
import type { Span } from './locate.js';
import { readUpTo, type Stop } from './stop.js';
import { findSyntaxError } from './verify.js';

/** So much of what follows the stop is looked at to tell why it is one. */
const LOOK_AHEAD = 200;
/** So far into a line that starts with something else its value is looked for. */
const MAX_GARBAGE = 1_000;

/** Why a text is no JSON, and the span where somebody must act. */
type Explanation = Span & { readonly reason: SyntaxReason };

/** What a person would have to write where the text stops being JSON. */
const EXPECTED: Readonly<Record<Stop['expected'], string>> = {
  value: 'a value',
  'first-value': 'a value or "]"',
  key: 'a key in double quotes',
  'first-key': 'a key in double quotes or "}"',
  colon: 'a colon behind the key',
  comma: 'a comma or a closing bracket',
  end: 'nothing more behind the value',
  string: 'the rest of a string',
};

/** The text with its stop, and what the explanations look at again and again. */
interface Scene extends Stop {
  readonly text: string;
  /** What follows the stop, cut off somewhere. */
  readonly rest: string;
  /** Where the text ends, white space aside. */
  readonly end: number;
}

/**
 * Why a text is not JSON, and where. Only for texts that `JSON.parse` rejects.
 *
 * The span never starts behind the place where the text stops being the beginning of some JSON. A string that is not
 * closed counts as `truncated`: whether its line is the last one of the file is not known here.
 *
 * @param at - Where a strict parser gives up. @default it is looked for
 */
export function explainSyntax(text: string, at = Math.max(0, findSyntaxError(text))): { finding: Finding; span: Span } {
  const stop = readUpTo(text, at);
  const scene: Scene = { ...stop, text, rest: text.slice(at, at + LOOK_AHEAD), end: endOfText(text) };
  const scalarAt = faultyScalarAt(scene);
  const literal = scalarAt === -1 ? undefined : /^[-+]?(NaN|Infinity)\b/.exec(text.slice(scalarAt, scalarAt + 12))?.[0];
  if (literal !== undefined) {
    const span = { start: scalarAt, end: scalarAt + literal.length };
    return { finding: { rule: 'json/non-finite-number', params: { literal } }, span };
  }
  const { reason, start, end } = explain(scene, scalarAt);
  const expected = reason === 'other' ? { expected: expectedAt(stop) } : {};
  return { finding: { rule: 'json/syntax', params: { reason, ...expected } }, span: { start, end } };
}

function expectedAt({ expected, container }: Stop): string {
  if (expected !== 'comma') return EXPECTED[expected];
  return container === '{' ? 'a comma or "}"' : 'a comma or "]"';
}

function explain(scene: Scene, scalarAt: number): Explanation {
  const { text, at, end, expected, rest } = scene;
  if (expected === 'string') return explainString(scene);
  if (at >= end) return truncated(scene);
  // A comment mark behind the quote that closes a string is text when a further quote follows: `"see "#1" there"`.
  const isText = scene.isAdjacent && scene.last === '"' && text.includes('"', at);
  if (/^(\/\/|\/\*|#)/.test(rest) && !isText) return comment(scene);
  if (scalarAt !== -1) return explainScalar(scene, scalarAt);
  switch (expected) {
    case 'key':
    case 'first-key':
      return explainKey(scene);
    case 'colon':
      return explainColon(scene);
    case 'end':
      return explainEnd(scene);
    default:
      return explainComma(scene);
  }
}

/** Where the scalar begins that the stop is at or in: a number cut short, a literal that is none; -1 elsewhere. */
function faultyScalarAt({ text, at, expected, last, lastAt, isAdjacent, rest }: Scene): number {
  if (expected === 'value' || expected === 'first-value') return at;
  if (last !== '1' || !isAdjacent) return -1;
  return /[-+.eE]$/.test(text.slice(Math.max(lastAt, at - 1), at)) || /^[\w.+-]/.test(rest) ? lastAt : -1;
}

function explainString(scene: Scene): Explanation {
  const { text, at, rest } = scene;
  if (rest === '') return curlyInOpenString(scene) ?? truncated(scene);
  if (/^\\(u[\da-f]{0,3})?$/i.test(rest)) return truncated(scene);
  if (!rest.startsWith('\\')) return { reason: 'unescaped-control', start: at, end: at + 1 };
  const sequence = /^\\(u[\da-f]{0,4}|.)/iu.exec(rest)?.[0] ?? rest.slice(0, 2);
  return { reason: 'invalid-escape', start: at, end: Math.min(text.length, at + sequence.length) };
}

function explainScalar(scene: Scene, start: number): Explanation {
  const { text, at, end, last, lastAt, expected, rest } = scene;
  if (isCutLiteral(text.slice(start, Math.min(end, start + 12))) && end <= start + 12) return truncated(scene);
  const word = spanOfWord(text, start);
  if (last === '' || expected === 'end') return garbage(scene, start) ?? explainFirst(scene, word);
  if (/^(True|False|None)\b/.test(rest) && start === at) return { reason: 'python-literal', ...word };
  if (rest.startsWith("'")) return { reason: 'single-quotes', ...spanOfCharacter(text, at) };
  if (CURLY.test(rest)) return { reason: 'curly-quotes', ...spanOfCharacter(text, at) };
  if (start === at && /^[,\]}]/.test(rest)) {
    // The comma is what to delete, not the bracket behind it.
    if (last === ',') return { reason: 'trailing-comma', start: lastAt, end: lastAt + 1 };
    return { reason: last === '[' && rest.startsWith(',') ? 'trailing-comma' : 'other', start: at, end: at + 1 };
  }
  if (start < at || /^[-+.]/.test(rest)) return { reason: 'invalid-number', ...word };
  return quoteBeforeComma(scene) ?? { reason: 'other', ...word };
}

/** The line does not even begin like JSON, and holds none further on. */
function explainFirst({ text, at, rest }: Scene, word: Span): Explanation {
  if (/^(True|False|None)\b/.test(rest)) return { reason: 'python-literal', ...word };
  if (rest.startsWith("'")) return { reason: 'single-quotes', ...spanOfCharacter(text, at) };
  if (CURLY.test(rest)) return { reason: 'curly-quotes', ...spanOfCharacter(text, at) };
  return { reason: word.start < at || /^[-+.]/.test(rest) ? 'invalid-number' : 'other', ...word };
}

function explainKey(scene: Scene): Explanation {
  const { text, at, rest, last, lastAt } = scene;
  if (rest.startsWith("'")) return { reason: 'single-quotes', ...spanOfCharacter(text, at) };
  if (CURLY.test(rest)) return { reason: 'curly-quotes', ...spanOfCharacter(text, at) };
  if (/^[},]/.test(rest)) {
    const comma = last === ',' ? lastAt : at;
    return { reason: 'trailing-comma', start: comma, end: comma + 1 };
  }
  const early = quoteBeforeComma(scene);
  if (early !== undefined) return early;
  const isKey = /^([\p{L}_$]|[\p{L}\p{N}_$.-]+\s*:)/u.test(rest);
  return { reason: isKey ? 'unquoted-key' : 'other', ...spanOfWord(text, at) };
}

function explainColon(scene: Scene): Explanation {
  const curly = curlyInString(scene, /[“”„]\s*:\s*$/);
  if (curly !== undefined) return curly;
  if (scene.isAdjacent && /^[\p{L}\p{N}_]/u.test(scene.rest)) return earlyQuote(scene);
  return other(scene);
}

function explainComma(scene: Scene): Explanation {
  const { at, rest, container, last, isAdjacent } = scene;
  const missingComma: Explanation = { reason: 'missing-comma', start: at, end: at + 1 };
  const startsValue = /^(["{[\d-]|(true|false|null)\b)/.test(rest);
  if (last !== '"') return startsValue ? missingComma : other(scene);
  if (/^[:,\]}]/.test(rest)) return other(scene);
  if (rest.startsWith('"')) {
    const followed = container === '{' ? /^"(?:[^"\\]|\\.)*"\s*:/ : /^"(?:[^"\\]|\\.)*"\s*[,\]]/;
    return followed.test(rest) ? missingComma : earlyQuote(scene);
  }
  if (container === '[' && startsValue && !isAdjacent) return missingComma;
  const curly = /^[^"\s:,{}[\]]+"\s*:/.test(rest) ? curlyInString(scene, /[“”„]\s*[}\]]*\s*,[\s{[]*$/) : undefined;
  return curly ?? earlyQuote(scene);
}

/** Something follows the value. */
function explainEnd(scene: Scene): Explanation {
  const { text, at, end, rest, last, lastAt } = scene;
  if (rest.startsWith(',') && (text.slice(at + 1, end).trim() === '' || /^,[,\s\]}]/.test(rest))) {
    return { reason: 'trailing-comma', start: at, end: at + 1 };
  }
  if (/^[,"'{[“”„\p{L}\p{N}_-]/u.test(rest)) return { reason: 'extra-data', start: at, end: at + 1 };
  // `12: {…}`: the number is no example, so it is not the value that something follows.
  return (last === '1' ? garbage(scene, lastAt) : undefined) ?? other(scene);
}

function truncated({ text, end }: Scene): Explanation {
  const isPair = isLowSurrogate(text.charCodeAt(end - 1)) && end >= 2;
  return { reason: 'truncated', start: Math.max(0, end - (isPair ? 2 : 1)), end };
}

function comment({ text, at, end, rest }: Scene): Explanation {
  const close = rest.startsWith('/*') ? text.indexOf('*/', at + 2) : -1;
  return { reason: 'comment', start: at, end: close === -1 ? end : close + 2 };
}

/** What stands before a line's value. */
function garbage({ text }: Scene, start: number): Explanation | undefined {
  const length = text.slice(start, start + MAX_GARBAGE).search(/\{\s*["'}]|\[\s*[{["]/);
  return length <= 0 ? undefined : { reason: 'leading-garbage', start, end: start + length };
}

/** The quote that ended the last string too early. */
function earlyQuote({ stringEnd }: Scene): Explanation {
  return { reason: 'unescaped-quote', start: stringEnd - 1, end: stringEnd };
}

/** `"5", 6" and 7"`: the comma behind the string is text, because the text goes on up to another quote. */
function quoteBeforeComma(scene: Scene): Explanation | undefined {
  const { text, rest, last, lastAt, stringEnd } = scene;
  const isAfterString = last === ',' && stringEnd !== -1 && text.slice(stringEnd, lastAt).trim() === '';
  return isAfterString && /^[^":{}[\]]*"(?!\s*:)/.test(rest) ? earlyQuote(scene) : undefined;
}

/** A string that was meant to end at a typographic quote, and so took in what follows. */
function curlyInString({ text, stringStart, stringEnd }: Scene, pattern: RegExp): Explanation | undefined {
  const from = Math.max(stringStart, stringEnd - 1 - LOOK_AHEAD);
  const found = text.slice(from, stringEnd - 1).search(pattern);
  return found === -1 ? undefined : { reason: 'curly-quotes', start: from + found, end: from + found + 1 };
}

/** A string that ends nowhere, because it was meant to end at a typographic quote: only brackets follow, or a scalar. */
function curlyInOpenString({ text, lastAt }: Scene): Explanation | undefined {
  const found = text.slice(lastAt).search(/[“”„]\s*(:[\w\s.+-]*)?[}\]][\s}\]]*$/);
  return found === -1 ? undefined : { reason: 'curly-quotes', start: lastAt + found, end: lastAt + found + 1 };
}

function other({ text, at }: Scene): Explanation {
  return { reason: 'other', ...spanOfWord(text, at) };
}

const CURLY = /^[“”„‘’‚«»]/;

/** Whether a text is the beginning, not the whole, of a literal: of Python's too. */
function isCutLiteral(text: string): boolean {
  const literals = ['true', 'false', 'null', 'True', 'False', 'None', 'NaN', 'Infinity', '-Infinity'];
  return literals.some((literal) => literal.length > text.length && literal.startsWith(text));
}

/** The word at an offset, or the one character that is there. */
function spanOfWord(text: string, start: number): Span {
  const word = /^[\p{L}\p{N}_$.+-]+/u.exec(text.slice(start, start + LOOK_AHEAD))?.[0];
  return word === undefined ? spanOfCharacter(text, start) : { start, end: start + word.length };
}

function spanOfCharacter(text: string, start: number): Span {
  return { start, end: Math.min(text.length, start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)) };
}

/** Where a text ends but for JSON's white space; `trimEnd` would take no-break spaces for the end, too. */
function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text[end - 1]!)) end -= 1;
  return end;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
