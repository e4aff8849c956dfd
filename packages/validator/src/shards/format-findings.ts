import type { FormatName } from '../formats/index.js';
import type { Finding } from '../rules/index.js';
import type { LinePlace } from '../rules/rule.js';
import type { PlacedTally } from './merge-state.js';
import type { Whole } from './whole.js';

/** Reports what is wrong with the format: of examples in files of one format, and of files among each other. */
export function reportShardFormats(
  { main, state: { parts } }: Whole,
  report: (finding: Finding, place?: LinePlace) => void,
): void {
  for (const { unknown, choice } of parts) {
    if (unknown === undefined) continue;
    const { looksLike } = choice;
    const params = { count: unknown.count, ...(looksLike === undefined ? {} : { looksLike }) };
    report({ rule: 'format/unknown', params }, unknown.first);
  }
  const { mismatchAt, choice } = main;
  const { format } = choice;
  if (mismatchAt !== undefined && choice.mismatch !== undefined) {
    report({ rule: 'format/method-mismatch', params: choice.mismatch }, mismatchAt);
  }
  if (format === 'unknown') return;
  const strays = new Map<FormatName, PlacedTally>(main.strays);
  const add = (found: FormatName, { first, count }: PlacedTally) => {
    const known = strays.get(found);
    strays.set(found, known === undefined ? { first, count } : { first: known.first, count: known.count + count });
  };
  for (const part of parts) {
    const other = part.choice.format;
    if (part === main || part.checked === undefined || other === 'unknown') continue;
    add(other, part.checked);
    for (const [found, tally] of part.strays) {
      // Of the right format, in a file of the wrong one: they were not checked.
      if (found === format)
        report({ rule: 'format/mixed', params: { format: other, found, count: tally.count } }, tally.first);
      else add(found, tally);
    }
  }
  for (const [found, { first, count }] of strays) {
    report({ rule: 'format/mixed', params: { format, found, count } }, first);
  }
}
