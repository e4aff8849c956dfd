import type { Report, Shard } from '../report.js';
import { count, counted } from './figures.js';

/** Files of one dataset that are listed by their names; of many shards a list says little. */
const MOST_LISTED = 20;

/** `['3 files']`, when the dataset is several. */
export function fileCount({ shards }: Report): readonly string[] {
  return shards === undefined ? [] : [counted(shards.length, 'file')];
}

/** One line for each file of a dataset that is several, and one for those that are too many. */
export function fileLines({ shards = [] }: Report, line: (shard: Shard) => string): readonly string[] {
  const more = shards.length - MOST_LISTED;
  return [...shards.slice(0, MOST_LISTED).map(line), ...(more > 0 ? [`… and ${count(more)} more`] : [])];
}
