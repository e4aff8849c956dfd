/**
 * Does a check stay in the same memory, and does its time grow only as the file does: with one and two workers, with a
 * line of 60 MB (it is parsed) and one of 300 (it is not), with a fault on every line, and with a million findings
 * printed? Each check is a process of its own.
 *
 * `pnpm bench memory [--megabytes 64,512] [--huge] [--line 60,300] [--findings 1000000] [--workers 1,2] [--seed 1]
 * [--rounds 1]`; `--huge` adds 4 GB (as much disk, and the time to generate it). The faulty dataset is as large as the
 * smallest of `--megabytes`.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cachedDataset } from './generate.js';
import { buildPrograms, type Run, runNode } from './measure/child.js';
import { numberFlag } from './measure/number-flag.js';
import { differingSummaries, type Summary, summaryLine } from './measure/summary.js';
import { environment, markdownTable, median } from './measure/table.js';
import { faultyDataset, findingsDataset, longLineDataset } from './memory/datasets.js';

/** The aim: 350 MB, and 24 bytes an example for what finds duplicates. */
const ALLOWED_BYTES = 350e6;
const ALLOWED_BYTES_PER_EXAMPLE = 24;
const HUGE_MEGABYTES = 4096;
/** What the command line shows without `--max-errors` in its formats for people. */
const DEFAULT_CAP = 100;

const cli = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '64,512' },
    huge: { type: 'boolean', default: false },
    line: { type: 'string', default: '60,300' },
    findings: { type: 'string' },
    workers: { type: 'string', default: '1,2' },
    seed: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const listFlag = (name: 'megabytes' | 'line' | 'workers') =>
  values[name].split(',').map((it) => numberFlag(name, it, 1));
const sizes = [...listFlag('megabytes'), ...(values.huge ? [HUGE_MEGABYTES] : [])].toSorted((a, b) => a - b);
const workerCounts = listFlag('workers');
const lineSizes = listFlag('line');
const findings = Math.ceil(numberFlag('findings', values.findings, 1_000_000));
const seed = numberFlag('seed', values.seed, 1);
const rounds = Math.ceil(numberFlag('rounds', values.rounds, 1));
if (!existsSync(cli)) throw new Error('the command line is not built; run "pnpm build" first');
await buildPrograms();

interface Dataset {
  readonly name: string;
  readonly path: string;
  /** Each example has a fault. */
  readonly isFaulty?: boolean;
  /** Besides, all findings are printed to /dev/null. */
  readonly isPrinted?: boolean;
}

interface Check {
  readonly name: string;
  readonly dataset: Dataset;
  readonly workers: number;
  readonly printsAll: boolean;
}

const generated: Dataset[] = [];
for (const megabytes of sizes) {
  generated.push({ name: `${megabytes} MB`, path: await cachedDataset({ megabytes, seed }) });
}
const longLines: Dataset[] = [];
for (const megabytes of lineSizes) {
  longLines.push({ name: `one line of ${megabytes} MB`, path: await longLineDataset(megabytes, seed) });
}
const smallest = sizes[0]!;
const faulty: Dataset = {
  name: `${smallest} MB, a fault on every line`,
  path: await faultyDataset(smallest, seed),
  isFaulty: true,
};
const datasets: readonly Dataset[] = [
  ...generated,
  ...longLines,
  faulty,
  { name: `${findings} findings`, path: await findingsDataset(findings), isFaulty: true, isPrinted: true },
];

const checks = datasets.flatMap((dataset) =>
  [false, ...(dataset.isPrinted === true ? [true] : [])].flatMap((printsAll) =>
    workerCounts.map((workers): Check => {
      const name = `${dataset.name}${printsAll ? ', all printed' : ''}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
      return { name, dataset, workers, printsAll };
    }),
  ),
);

const runs = new Map<Check, Run[]>(checks.map((check) => [check, []]));
for (let round = 1; round <= rounds; round += 1) {
  for (const check of checks) {
    const run = await measure(check);
    runs.get(check)!.push(run);
    process.stderr.write(`round ${round}/${rounds}  ${check.name}: ${run.wallSeconds.toFixed(2)} s\n`);
  }
}

/** A check that prints no more than the cap ends its output with the summary; the other's output is not kept. */
async function measure({ dataset, workers, printsAll }: Check): Promise<Run> {
  const output = printsAll
    ? ['--format', 'concise', '--max-errors', '0']
    : ['--format', 'jsonl', '--max-errors', `${DEFAULT_CAP}`];
  return runNode([cli, 'check', dataset.path, '--no-config', '--workers', `${workers}`, ...output], {
    expectedCodes: [0, 1],
    dropsOutput: printsAll,
  });
}

const wall = (check: Check) => median(runs.get(check)!.map((run) => run.wallSeconds));
const cpu = (check: Check) => median(runs.get(check)!.map((run) => run.cpuSeconds));
const peak = (check: Check) => Math.max(...runs.get(check)!.map((run) => run.peakBytes));
const capped = (dataset: Dataset) => checks.filter((it) => it.dataset === dataset && !it.printsAll);
const stdoutOf = (check: Check) => runs.get(check)![0]!.stdout;
const bytes = new Map<Dataset, number>();
const summaries = new Map<Dataset, Summary>();
for (const dataset of datasets) {
  bytes.set(dataset, (await stat(dataset.path)).size);
  summaries.set(dataset, summaryLine(stdoutOf(capped(dataset)[0]!)));
}

const body = checks.map((check) => {
  const { examples } = summaries.get(check.dataset)!;
  const allowed = ALLOWED_BYTES + ALLOWED_BYTES_PER_EXAMPLE * examples;
  return [
    check.name,
    (bytes.get(check.dataset)! / 1e6).toFixed(1),
    `${examples}`,
    wall(check).toFixed(2),
    cpu(check).toFixed(2),
    (bytes.get(check.dataset)! / 1e6 / wall(check)).toFixed(1),
    (peak(check) / 1e6).toFixed(0),
    (allowed / 1e6).toFixed(0),
    (peak(check) / allowed).toFixed(2),
  ];
});
const head = [
  'check, tokens exact',
  'MB',
  'examples',
  'seconds',
  'CPU s',
  'MB/s',
  'peak RSS MB',
  'allowed MB',
  'share',
];
console.log(`${environment(new Date())}; seed ${seed}, median of ${rounds}\n`);
console.log(`${markdownTable(head, body)}\n`);
for (const line of [...growth(), ...faultCost(), ...printCost()]) console.log(line);
const problems = disagreements();
for (const line of problems) console.error(line);
if (problems.length > 0) process.exitCode = 1;

function times(check: Check, other: Check): string {
  return `${(wall(check) / wall(other)).toFixed(2)} × the time (CPU ${(cpu(check) / cpu(other)).toFixed(2)} ×)`;
}

/** The aim: 512 MB take at most 8.5 times as long as 64 MB, which are an eighth. */
function growth(): string[] {
  const [first, ...larger] = generated;
  return larger.flatMap((dataset) =>
    capped(dataset).map((check, at) => {
      const smaller = capped(first!)[at]!;
      const ratio = bytes.get(dataset)! / bytes.get(first!)!;
      const memory = (peak(check) / peak(smaller)).toFixed(2);
      return `${check.name}: ${times(check, smaller)} and ${memory} × the peak of ${first!.name}, for ${ratio.toFixed(2)} × the bytes (aim ${((ratio * 8.5) / 8).toFixed(1)})`;
    }),
  );
}

function faultCost(): string[] {
  return capped(faulty).map((check, at) => {
    const clean = capped(generated[0]!)[at]!;
    return `${check.name}: ${times(check, clean)} of none (aim 3)`;
  });
}

function printCost(): string[] {
  return checks
    .filter(({ printsAll }) => printsAll)
    .map((check) => {
      const other = capped(check.dataset).find(({ workers }) => workers === check.workers)!;
      return `${check.name}: ${times(check, other)} of printing ${DEFAULT_CAP}`;
    });
}

/** The report may not depend on the workers, every fault must be found, and nothing else may be one. */
function disagreements(): string[] {
  return datasets.flatMap((dataset) => {
    const lines = differingSummaries(capped(dataset).map((check) => [check.name, stdoutOf(check)]));
    const { examples, errors, warnings, byRule } = summaries.get(dataset)!;
    // That a file is large is no fault of the generated text.
    const faults = errors + warnings - (byRule['file/too-large'] ?? 0);
    if (dataset.isFaulty === true && errors < examples) lines.push(`${dataset.name}: only ${errors} of ${examples}`);
    if (generated.includes(dataset) && faults > 0) lines.push(`${dataset.name}: ${faults} findings`);
    return lines;
  });
}
