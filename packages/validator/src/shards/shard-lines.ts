import type { Shard } from '../report.js';
import type { Finding } from '../rules/index.js';

/** Where a line of several files stands. */
export interface ShardLine {
  /** Which of the files, from 0. */
  readonly shard: number;
  readonly file: string;
  /** As it is numbered in its file. */
  readonly line: number;
}

/** The lines of several files, numbered on from one to the next. */
export interface ShardLines {
  /** How many lines come before those of a file. */
  before(shard: number): number;
  at(line: number): ShardLine;
  /** The finding with lines as they are numbered in their files. */
  inShards(finding: Finding): Finding;
}

export function createShardLines(shards: readonly Shard[]): ShardLines {
  const starts: number[] = [];
  let lines = 0;
  for (const shard of shards) {
    starts.push(lines);
    lines += shard.lines;
  }
  const at = (line: number): ShardLine => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! < line) low = middle;
      else high = middle - 1;
    }
    return { shard: low, file: shards[low]!.file, line: line - starts[low]! };
  };
  return {
    before: (shard) => starts[shard]!,
    at,
    inShards(finding) {
      if (finding.rule === 'dataset/duplicate') {
        const { line, file } = at(finding.params.firstLine);
        return { rule: finding.rule, params: { firstLine: line, file } };
      }
      if (finding.rule === 'dataset/conflicting-answers') {
        const places = finding.params.lines.map(at);
        const [inFile, files] = [places.map(({ line }) => line), places.map(({ file }) => file)];
        return { rule: finding.rule, params: { lines: inFile, files, hasMore: finding.params.hasMore } };
      }
      return finding;
    },
  };
}
