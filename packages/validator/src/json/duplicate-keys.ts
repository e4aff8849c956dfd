import type { Span } from './locate.js';
import type { JsonPath } from './path.js';
import { endOfString } from './string-end.js';

/** A key that its object had already. */
export interface DuplicateKey {
  readonly key: string;
  readonly span: Span;
  readonly path: JsonPath;
}

interface Level {
  /** Absent for an array. */
  readonly keys: Set<string> | undefined;
  index: number;
  key: string;
}

/**
 * The keys of a line that their object had already, in their order.
 *
 * @param text - A line that `JSON.parse` accepts.
 */
export function findDuplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const levels: Level[] = [];
  let position = 0;
  let isKeyNext = false;
  while (position < text.length) {
    switch (text[position]) {
      case '{':
        levels.push({ keys: new Set(), index: 0, key: '' });
        isKeyNext = true;
        break;
      case '[':
        levels.push({ keys: undefined, index: 0, key: '' });
        isKeyNext = false;
        break;
      case '}':
      case ']':
        levels.pop();
        isKeyNext = false;
        break;
      case ',': {
        const level = levels.at(-1);
        if (level === undefined) break;
        if (level.keys === undefined) level.index += 1;
        else isKeyNext = true;
        break;
      }
      case '"': {
        const end = endOfString(text, position);
        const level = levels.at(-1);
        if (isKeyNext && level?.keys !== undefined) {
          const key = JSON.parse(text.slice(position, end)) as string;
          level.key = key;
          if (level.keys.has(key)) {
            const path = levels.map((each) => (each.keys === undefined ? each.index : each.key));
            found.push({ key, span: { start: position, end }, path });
          }
          level.keys.add(key);
          isKeyNext = false;
        }
        position = end;
        continue;
      }
      default:
    }
    position += 1;
  }
  return found;
}
