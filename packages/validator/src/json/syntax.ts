import type { Finding } from '../rules/index.js';
import type { SyntaxReason } from '../rules/json/syntax.js';
import type { Span } from './locate.js';
import { endOfString } from './string-end.js';
import { findSyntaxError } from './verify.js';

/** What a strict parser was waiting for where it gave up. */
type Expected = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'comma' | 'end' | 'string';

interface Stop {
  readonly expected: Expected;
  /** What came last before the stop, white space aside: a bracket, `,`, `:`, `"` for a string, `1` for another scalar. */
  readonly last: string;
  /** Where the string began, when the stop is inside one. */
  readonly stringStart: number;
}

/** Why a text is not JSON, and where. Only for texts that `JSON.parse` rejects. */
export function explainSyntax(text: string): { finding: Finding; span: Span } {
  const at = Math.max(0, findSyntaxError(text));
  const stop = readUpTo(text, at);
  const rest = text.slice(at, at + 40);
  if (stop.expected === 'value' || stop.expected === 'first-value') {
    const literal = /^-?(NaN|Infinity)\b/.exec(rest)?.[0];
    if (literal !== undefined) {
      return {
        finding: { rule: 'json/non-finite-number', params: { literal } },
        span: { start: at, end: at + literal.length },
      };
    }
  }
  const reason = classify(text, at, stop, rest);
  return { finding: { rule: 'json/syntax', params: { reason } }, span: spanOf(text, at, reason, stop) };
}

function classify(text: string, at: number, stop: Stop, rest: string): SyntaxReason {
  if (stop.expected === 'string') {
    if (rest === '') return 'truncated';
    return rest.startsWith('\\') ? 'invalid-escape' : 'unescaped-control';
  }
  const isAtEnd = rest.trim() === '' && text.slice(at).trim() === '';
  if (isAtEnd) return 'truncated';
  if (/^(\/\/|\/\*|#)/.test(rest)) return 'comment';
  switch (stop.expected) {
    case 'key':
    case 'first-key':
      if (rest.startsWith("'")) return 'single-quotes';
      if (/^[“”„]/.test(rest)) return 'curly-quotes';
      if (rest.startsWith('}') || rest.startsWith(',')) return 'trailing-comma';
      return /^[\p{L}_$]/u.test(rest) ? 'unquoted-key' : 'other';
    case 'value':
    case 'first-value':
      return classifyValue(text, at, stop, rest);
    case 'end':
      return rest.startsWith(',') && text.slice(at + 1).trim() === '' ? 'trailing-comma' : 'extra-data';
    case 'comma':
      if (stop.last === '"' && /^[^\s"{}[\],:]/.test(rest)) return 'unescaped-quote';
      if (stop.last === '1' && /^[\w.+-]/.test(rest)) return 'invalid-number';
      return /^["{[\d-]/.test(rest) ? 'missing-comma' : 'other';
    default:
      return 'other';
  }
}

function classifyValue(text: string, at: number, stop: Stop, rest: string): SyntaxReason {
  if (/^(True|False|None)\b/.test(rest)) return 'python-literal';
  if (rest.startsWith("'")) return at === 0 ? 'leading-garbage' : 'single-quotes';
  if (/^[“”„]/.test(rest)) return 'curly-quotes';
  if (stop.last === ',' && /^[\]},]/.test(rest)) return 'trailing-comma';
  if (/^(t|tr|tru|f|fa|fal|fals|n|nu|nul)$/.test(text.slice(at, at + 5).trim())) return 'truncated';
  if (/^[-+.\d]/.test(rest)) return 'invalid-number';
  if (stop.last === '' && /[{[]/.test(text.slice(at, at + 1000))) return 'leading-garbage';
  return 'other';
}

function spanOf(text: string, at: number, reason: SyntaxReason, stop: Stop): Span {
  switch (reason) {
    case 'truncated': {
      const end = text.trimEnd().length;
      return { start: Math.max(0, end - 1), end };
    }
    case 'trailing-comma': {
      // The comma is what to delete, not the bracket behind it.
      const comma = stop.expected === 'end' ? at : text.lastIndexOf(',', Math.max(0, at - 1));
      return comma === -1 ? { start: at, end: at + 1 } : { start: comma, end: comma + 1 };
    }
    case 'unescaped-quote':
      // The quote that ended the string too early.
      return { start: at - 1 - spacesBefore(text, at), end: at - spacesBefore(text, at) };
    case 'python-literal':
    case 'unquoted-key': {
      const word = /^[\p{L}\p{N}_$]+/u.exec(text.slice(at, at + 200))?.[0] ?? ' ';
      return { start: at, end: at + word.length };
    }
    case 'invalid-escape':
      return { start: at, end: Math.min(text.length, at + 2) };
    case 'leading-garbage': {
      const start = text.slice(at).search(/[{[]/);
      return { start: at, end: start <= 0 ? at + 1 : at + start };
    }
    default:
      return {
        start: Math.min(at, Math.max(0, text.length - 1)),
        end: Math.min(text.length, at + characterLength(text, at)),
      };
  }
}

function spacesBefore(text: string, at: number): number {
  return text.slice(0, at).length - text.slice(0, at).trimEnd().length;
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/**
 * Reads the part before the stop, which is the beginning of valid JSON, and says what was expected next.
 *
 * Strings are skipped whole: the part before the stop holds no fault.
 */
function readUpTo(text: string, at: number): Stop {
  const containers: string[] = [];
  let expected = 'value' as Expected;
  let last = '';
  let position = 0;
  const endValue = (): Expected => (containers.length === 0 ? 'end' : 'comma');
  while (position < at) {
    const character = text[position]!;
    if (character === ' ' || character === '\t' || character === '\r' || character === '\n') {
      position += 1;
      continue;
    }
    last = character;
    switch (character) {
      case '{':
      case '[':
        containers.push(character);
        expected = character === '{' ? 'first-key' : 'first-value';
        break;
      case '}':
      case ']':
        containers.pop();
        expected = endValue();
        break;
      case ',':
        expected = containers.at(-1) === '{' ? 'key' : 'value';
        break;
      case ':':
        expected = 'value';
        break;
      case '"': {
        const end = endOfString(text, position);
        const isClosed = end <= at && text[end - 1] === '"' && end > position + 1;
        if (!isClosed) return { expected: 'string', last: '"', stringStart: position };
        expected = expected === 'key' || expected === 'first-key' ? 'colon' : endValue();
        position = end;
        continue;
      }
      default: {
        last = '1';
        while (position < at && !/[\s,:[\]{}"]/.test(text[position]!)) position += 1;
        expected = endValue();
        continue;
      }
    }
    position += 1;
  }
  return { expected, last, stringStart: -1 };
}
