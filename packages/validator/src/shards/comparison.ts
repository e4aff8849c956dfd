import { ReportMergeError } from '../errors.js';
import type { ExampleFingerprints } from '../formats/example-fingerprints.js';
import type { OverflowRoom } from '../formats/fingerprint-overflow.js';
import type { FormatName } from '../formats/index.js';
import { promptOf } from '../formats/prompt.js';
import { parseJson } from '../json/parse-json.js';
import { isSameValue } from '../json/same-value.js';
import type { Shard } from '../report.js';
import type { Finding } from '../rules/index.js';
import type { DatasetEnd, LinePlace } from '../rules/rule.js';
import type { DatasetRun } from '../rules/run.js';
import { readFingerprints } from './fingerprint-file.js';
import type { ShardLines } from './shard-lines.js';
import { datasetRun, type Whole } from './whole.js';

/** Lines are remembered in 32 bits. */
const MAX_LINES = 2 ** 32 - 1;

/** What it takes to compare the examples of several files with each other. */
export interface ComparisonParts {
  readonly fingerprints: (shard: Shard, index: number) => AsyncIterable<Uint8Array>;
  readonly collectFingerprints: ExampleFingerprints | undefined;
  readonly pause: () => Promise<void>;
  readonly overflow: OverflowRoom | undefined;
  /** The text of a line, by its number in its file; `undefined` where that cannot be read again. */
  readonly textOf: (shard: number, line: number) => string | undefined;
}

/** The files compared with each other. */
export interface Comparison {
  readonly run: DatasetRun;
  /** How rules look at two examples once more, at the end. */
  readonly looks: Pick<DatasetEnd, 'isSame' | 'hasSamePrompt'>;
}

/**
 * Shows the examples of all files, one after the other, to the rules that compare them.
 *
 * @param report - Gets what they find; lines are numbered on from file to file.
 */
export async function compareShards(
  name: string,
  { options, main, shards, lines: lineCount }: Whole,
  lines: ShardLines,
  { fingerprints, collectFingerprints, pause, overflow, textOf }: ComparisonParts,
  report: (finding: Finding, place: LinePlace) => void,
): Promise<Comparison> {
  if (lineCount > MAX_LINES) {
    throw new ReportMergeError(name, `${lineCount} lines are more than can be compared with each other`);
  }
  const { format } = main.choice;
  const run = datasetRun(options, main, overflow);
  const textAt = (line: number) => {
    const { shard, line: inFile } = lines.at(line);
    return textOf(shard, inFile);
  };
  /** True where one of the lines cannot be read again: 128 bits are equal. */
  const isSame = (first: number, line: number) => looksSame(textAt(first), textAt(line), (example) => example);
  const hasSamePrompt = (first: number, line: number) =>
    looksSame(textAt(first), textAt(line), (example) => promptOf(format as FormatName, example));

  for (const [index, shard] of shards.entries()) {
    if (shard.format !== format || shard.format === 'unknown') continue;
    const before = lines.before(index);
    await readFingerprints(fingerprints(shard, index), {
      name: shard.fingerprints ?? `of ${shard.file}`,
      sha256: shard.sha256,
      pause,
      take({ line: inFile, example, whole: fingerprint, prompt, answer }) {
        const line = before + inFile;
        const place = { line, example };
        collectFingerprints?.add(fingerprint, shard.file, inFile);
        run.recorded(
          {
            line,
            fingerprint,
            ...(prompt === undefined || answer === undefined ? {} : { prompt, answer }),
            place: () => place,
            isSameAs: (first) => isSame(first, line),
            hasPromptOf: (first) => hasSamePrompt(first, line),
          },
          (finding) => report(finding, place),
        );
      },
    });
  }
  return { run, looks: { isSame, hasSamePrompt } };
}

function looksSame(one: string | undefined, other: string | undefined, part: (example: object) => unknown): boolean {
  if (one === undefined || other === undefined || one === other) return true;
  return isSameValue(part(parseJson(one) as object), part(parseJson(other) as object));
}
