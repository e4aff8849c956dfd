import type { Batch } from './batch.js';
import type { FormatChoice } from './formats/choose.js';
import type { Reporter } from './reporter.js';

/** Reports what is wrong with the format, in the first line that shows it. */
export function reportFormat(
  reporter: Reporter,
  { format, looksLike, mismatch }: FormatChoice,
  { unknown, mismatchAt, strays }: Pick<Batch, 'unknown' | 'mismatchAt' | 'strays'>,
): void {
  if (unknown !== undefined) {
    const params = { count: unknown.count, ...(looksLike === undefined ? {} : { looksLike }) };
    reporter.inLine(unknown.first, [{ finding: { rule: 'format/unknown', params }, path: [] }]);
  }
  if (mismatchAt !== undefined && mismatch !== undefined) {
    reporter.inLine(mismatchAt, [{ finding: { rule: 'format/method-mismatch', params: mismatch }, path: [] }]);
  }
  for (const [found, { first, count }] of strays) {
    reporter.inLine(first, [{ finding: { rule: 'format/mixed', params: { format, found, count } }, path: [] }]);
  }
}
