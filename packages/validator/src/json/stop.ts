import { closingQuote } from './string-end.js';

/** What a strict parser was waiting for where it gave up. */
type Expected = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'comma' | 'end' | 'string';

/** Where a strict parser gave up, and what came before. */
export interface Stop {
  readonly at: number;
  readonly expected: Expected;
  /** The bracket that is open there; empty at the top. */
  readonly container: string;
  /** What came last, white space aside: a bracket, `,`, `:`, `"` for a string, `1` for another scalar; empty at the start. */
  readonly last: string;
  /** Where that begins. */
  readonly lastAt: number;
  /** Whether the stop follows it without white space. */
  readonly isAdjacent: boolean;
  /** The last string that was closed; -1 when there is none. */
  readonly stringStart: number;
  readonly stringEnd: number;
}

const DELIMITER = /[\s,:[\]{}"]/;

/**
 * Reads the part of a text before the stop, which is the beginning of valid JSON, and says what was expected next.
 *
 * Strings are skipped whole: the part before the stop holds no fault.
 */
export function readUpTo(text: string, at: number): Stop {
  const containers: string[] = [];
  let expected = 'value' as Expected;
  let last = '';
  let lastAt = 0;
  let position = 0;
  let lastEnd = 0;
  let stringStart = -1;
  let stringEnd = -1;
  const endValue = (): Expected => (containers.length === 0 ? 'end' : 'comma');
  while (position < at) {
    const character = text[position]!;
    if (character === ' ' || character === '\t' || character === '\r' || character === '\n') {
      position += 1;
      continue;
    }
    last = character;
    lastAt = position;
    position += 1;
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
        const quote = closingQuote(text, lastAt);
        position = quote + 1;
        if (quote === -1 || position > at) {
          position = at;
          expected = 'string';
          break;
        }
        stringStart = lastAt;
        stringEnd = position;
        expected = expected === 'key' || expected === 'first-key' ? 'colon' : endValue();
        break;
      }
      default:
        last = '1';
        while (position < at && !DELIMITER.test(text[position]!)) position += 1;
        expected = endValue();
    }
    lastEnd = position;
  }
  const container = containers.at(-1) ?? '';
  return { at, expected, container, last, lastAt, isAdjacent: lastEnd === at, stringStart, stringEnd };
}
