/** Most characters of a value that a message may quote: enough to recognise a role or a key, too few to leak content. */
const MAX_QUOTED = 40;

/**
 * A value as messages quote it: in double quotes, escaped so that it stays on one line, cut at 40 characters.
 *
 * Only for roles, keys, names, enum values and numbers; never for content.
 */
export function quote(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value === undefined ? 'undefined' : shorten(JSON.stringify(value));
  return JSON.stringify(shorten(value)).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    escapeCharacter,
  );
}

/** A text of at most 40 code units, cut with `…`, never through a surrogate pair, as a string of its own. */
export function shorten(text: string): string {
  if (text.length <= MAX_QUOTED) return text;
  const characters = [...text.slice(0, MAX_QUOTED - 1)];
  if (/^[\ud800-\udbff]$/.test(characters.at(-1)!)) characters.pop();
  return `${characters.join('')}…`;
}

/** What a JSON value is, as a person would say it: `an array`, `null`, `the number 3`. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return 'a string';
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return `${value}`;
    default:
      return 'nothing';
  }
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Names the key that stands where another one is missing. */
export function butWith(instead: string | undefined): string {
  return instead === undefined ? '' : `, but with ${quote(instead)}`;
}
