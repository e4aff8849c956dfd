import { type JsonPath, toPointer } from '../json/path.js';
import type { Finding } from '../rules/index.js';
import { isMeantAs, likelier } from '../rules/meant-key.js';
import { shorten } from '../rules/quote.js';
import type { ShapeFault } from './shape.js';

/**
 * One finding for a key that has another name than it should, or stands outside the object that it belongs into: the
 * shape has two faults then, a key that is missing and one too many. The missing one is reported, and names the other.
 */
export function silenceMeant(faults: ShapeFault[]): ShapeFault[] {
  if (faults.length < 2) return faults;
  const missing = new Map<string, string[]>();
  for (const { at, path, faulty } of faults) {
    if (at !== 'value' || faulty.length !== path.length + 1) continue;
    const place = toPointer(path);
    missing.set(place, [...(missing.get(place) ?? []), String(faulty.at(-1))]);
  }
  if (missing.size === 0) return faults;
  const meantBy = (path: JsonPath): { readonly place: string; readonly name: string } | undefined => {
    const object = path.slice(0, -1);
    const name = missing.get(toPointer(object))?.find((each) => isMeantAs(String(path.at(-1)), each));
    return name === undefined ? undefined : { place: toPointer([...object, name]), name };
  };
  /** By the place of the missing key: the key that stands there instead. */
  const instead = new Map<string, string>();
  for (const { at, path } of faults) {
    const meant = at === 'key' ? meantBy(path) : undefined;
    // What belongs inside "function" is not in its place; it is no other name of it.
    if (meant === undefined || meant.name === 'function') continue;
    instead.set(meant.place, likelier(instead.get(meant.place), String(path.at(-1)), meant.name));
  }
  const left = faults.filter(({ finding, at, path, faulty }) => {
    const key = String(faulty.at(-1));
    if (at === 'key') {
      const meant = meantBy(path);
      // One key stands there instead; a further one is a mistake of its own.
      return meant === undefined || (meant.name !== 'function' && instead.get(meant.place) !== key);
    }
    // Without the object in which a call or a definition says what it is, its "type" is the least that is missing.
    const isType = key === 'type' && faulty.length === path.length + 1 && WRAPPED.has(finding.rule);
    return !(isType && missing.get(toPointer(path))?.includes('function'));
  });
  return left.map((found) => {
    const { finding, faulty } = found;
    const key = instead.get(toPointer(faulty));
    if (key === undefined || !NAMES_INSTEAD.has(finding.rule)) return found;
    const params = { ...(finding.params as object), instead: shorten(key) };
    return { ...found, finding: { ...finding, params } as unknown as Finding };
  });
}

const WRAPPED: ReadonlySet<string> = new Set(['tools/invalid-call', 'tools/invalid-definition']);

/** Rules whose message says which key was found instead. */
const NAMES_INSTEAD: ReadonlySet<string> = new Set([
  'messages/missing-content',
  'messages/invalid-part',
  'tools/invalid-call',
  'tools/unmatched-result',
]);
