import { endOfString } from './string-end.js';

/**
 * The deepest nesting that is parsed.
 *
 * Source: CPython's `json` stops near 990 (`RecursionError` at its default limit of 1,000); what passes here passes there.
 */
export const MAX_DEPTH = 500;

/**
 * Where a text first nests deeper than {@link MAX_DEPTH}.
 *
 * Stands before `JSON.parse`, which takes 1.4 GB of memory for 20 MB of `[`. Looks at nothing but quotes and brackets,
 * and at texts with too few brackets to be deep not at all.
 *
 * @returns The offset of the bracket that goes too deep, or -1.
 */
export function findTooDeep(text: string): number {
  if (text.length <= MAX_DEPTH || !hasManyOpenings(text)) return -1;
  let depth = 0;
  let position = 0;
  while (position < text.length) {
    switch (text.charCodeAt(position)) {
      case 0x22: {
        position = endOfString(text, position);
        continue;
      }
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > MAX_DEPTH) return position;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
      default:
    }
    position += 1;
  }
  return -1;
}

/** Whether there are more than {@link MAX_DEPTH} opening brackets, in strings or not: `indexOf` is far faster than a scan. */
function hasManyOpenings(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > MAX_DEPTH) return true;
    }
  }
  return false;
}
