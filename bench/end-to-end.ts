/**
 * How long does a whole check take, and in how much memory, beside the floor (`bare.ts`) and beside the naive
 * composition of the same packages (`naive.ts`)? Each is a process of its own; they take turns, so that a busy machine
 * slows all of them. With `--peers` also beside others' validators, which it then installs from PyPI under `.bench/`.
 *
 * `pnpm bench end-to-end [--megabytes 64] [--seed 1] [--file PATH] [--rounds 3] [--tokens exact|off|both] [--peers]`
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cachedDataset } from './generate.js';
import { buildPrograms, type Run, runNode, runReporting } from './measure/child.js';
import { numberFlag } from './measure/number-flag.js';
import { differingSummaries, summaryLine } from './measure/summary.js';
import { environment, markdownTable, median } from './measure/table.js';
import { installPeers, type Peer } from './peers/install.js';

interface Contender {
  readonly name: string;
  run(): Promise<Run>;
  outcome(stdout: string): Outcome;
}

/** What a contender found out: by this we know that it did the work. */
interface Outcome {
  /** Not there: it stopped before the end, see `note`. */
  readonly examples?: number;
  readonly findings?: number;
  readonly tokens?: number;
  /** What is to be said about it below the table. */
  readonly note?: string;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const cli = path('../packages/cli/dist/bin.js');
const WORKERS = [1, 2];

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string' },
    seed: { type: 'string' },
    file: { type: 'string' },
    rounds: { type: 'string' },
    tokens: { type: 'string', default: 'both' },
    peers: { type: 'boolean', default: false },
  },
});
const rounds = Math.ceil(numberFlag('rounds', values.rounds, 3));
const modes = ['exact', 'off'].filter((mode) => values.tokens === mode || values.tokens === 'both');
if (modes.length === 0) throw new Error(`--tokens is "${values.tokens}"; it may be exact, off or both`);
if (!existsSync(cli)) throw new Error('the command line is not built; run "pnpm build" first');

const dataset =
  values.file === undefined
    ? await cachedDataset({
        megabytes: numberFlag('megabytes', values.megabytes, 64),
        seed: numberFlag('seed', values.seed, 1),
      })
    : resolve(values.file);
const megabytes = (await stat(dataset)).size / 1e6;
await buildPrograms();

const { peers, skipped } = values.peers ? installPeers() : { peers: [], skipped: [] };

const contenders: readonly Contender[] = [
  {
    name: 'bare',
    run: () => runNode([path('dist/bare.js'), dataset]),
    outcome: (stdout) => JSON.parse(stdout) as { examples: number },
  },
  ...modes.flatMap((tokens) => [naive(tokens), ...WORKERS.map((workers) => ours(tokens, workers))]),
  ...peers.map(theirs),
];

function naive(tokens: string): Contender {
  return {
    name: `naive, tokens ${tokens}`,
    run: () => runNode([path('dist/naive.js'), dataset, '--tokens', tokens]),
    outcome(stdout) {
      const { errors, ...rest } = JSON.parse(stdout) as { examples: number; errors: number; tokens?: number };
      return { ...rest, findings: errors };
    },
  };
}

function ours(tokens: string, workers: number): Contender {
  const args = ['check', dataset, '--no-config', '--format', 'jsonl', '--tokens', tokens, '--workers', `${workers}`];
  return {
    name: `tunegate check, tokens ${tokens}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    // A check that finds errors ends with 1.
    run: () => runNode([cli, ...args], { expectedCodes: [0, 1] }),
    outcome: summaryOutcome,
  };
}

/** What a peer finds is not compared: each has rules of its own. */
function theirs({ name, python, script, more }: Peer): Contender {
  const env = { ...process.env, TOGETHER_NO_BANNER: '1' };
  return {
    name,
    // -B: no compiled files are left beside the script.
    run: () => runReporting(python, ['-B', script, dataset, ...more], { env }),
    outcome(stdout) {
      const { examples, errors, stopped } = JSON.parse(stdout) as PeerReport;
      if (stopped !== undefined || examples === undefined) return { note: `stopped at its first error: ${stopped}` };
      const found = Object.entries(errors ?? {}).map(([check, count]) => `${check} ${count}`);
      return { examples, ...(found.length === 0 ? {} : { note: `found ${found.join(', ')}` }) };
    },
  };
}

interface PeerReport {
  readonly examples?: number;
  readonly errors?: Readonly<Record<string, number>>;
  readonly stopped?: string;
}

const runs = new Map<Contender, Run[]>(contenders.map((contender) => [contender, []]));
for (let round = 1; round <= rounds; round += 1) {
  for (const contender of contenders) {
    const run = await contender.run();
    runs.get(contender)!.push(run);
    process.stderr.write(`round ${round}/${rounds}  ${contender.name}: ${run.wallSeconds.toFixed(2)} s\n`);
  }
}
const outcomes = new Map(contenders.map((it) => [it, it.outcome(runs.get(it)![0]!.stdout)]));
const disagreements = compareOutcomes([...outcomes].map(([{ name }, outcome]) => [name, outcome]));
for (const tokens of modes) {
  const checks = contenders.filter(({ name }) => name.startsWith(`tunegate check, tokens ${tokens}`));
  disagreements.push(...differingSummaries(checks.map((it) => [it.name, runs.get(it)![0]!.stdout])));
}

const wall = (contender: Contender) => median(runs.get(contender)!.map((run) => run.wallSeconds));
const cpu = (contender: Contender) => median(runs.get(contender)!.map((run) => run.cpuSeconds));
const bare = contenders[0]!;
const body = contenders.map((contender) => {
  const peak = (Math.max(...runs.get(contender)!.map((run) => run.peakBytes)) / 1e6).toFixed(0);
  // Who stopped before the end has no rate.
  if (outcomes.get(contender)!.examples === undefined) return [contender.name, 'stopped', '', '', '', '', peak];
  return [
    contender.name,
    wall(contender).toFixed(2),
    (megabytes / wall(contender)).toFixed(1),
    (wall(contender) / wall(bare)).toFixed(2),
    cpu(contender).toFixed(2),
    (cpu(contender) / cpu(bare)).toFixed(2),
    peak,
  ];
});
const kind = values.file === undefined ? `generated, seed ${numberFlag('seed', values.seed, 1)}` : 'a file of your own';
console.log(`${environment(new Date())}; ${megabytes.toFixed(1)} MB (${kind}), median of ${rounds}\n`);
console.log(markdownTable(['process', 'seconds', 'MB/s', '× bare', 'CPU s', 'CPU × bare', 'peak RSS MB'], body));
const notes = [...outcomes].flatMap(([{ name }, { note }]) => (note === undefined ? [] : [`${name}: ${note}`]));
if (notes.length > 0) console.log(`\n${notes.join('\n')}`);
for (const { name, reason } of skipped) console.log(`\nskipped: ${name}: ${reason}`);
if (!values.peers) console.log("\nOthers' validators: not run; --peers installs them from PyPI under .bench/.");
for (const line of disagreements) console.error(line);
if (disagreements.length > 0) process.exitCode = 1;

function summaryOutcome(stdout: string): Outcome {
  const { examples, errors, warnings, tokens } = summaryLine(stdout);
  return { examples, findings: errors + warnings, ...(tokens === undefined ? {} : { tokens: tokens.total }) };
}

/**
 * Nobody wins by doing less: all must have seen the same examples, and the two formulas of tokens are the same one.
 * Tokens of a dataset with findings are not compared: what cannot be counted differs.
 */
function compareOutcomes(outcomes: readonly (readonly [name: string, outcome: Outcome])[]): string[] {
  const isClean = outcomes.every(([, { findings }]) => (findings ?? 0) === 0);
  const counts = (of: 'examples' | 'tokens') =>
    outcomes.flatMap(([name, outcome]) => (outcome[of] === undefined ? [] : [`${name}: ${outcome[of]} ${of}`]));
  const differs = (texts: readonly string[]) => new Set(texts.map((it) => it.slice(it.lastIndexOf(':')))).size > 1;
  const lines: string[] = [];
  if (values.file === undefined && !isClean) lines.push('The generated dataset has findings: it should have none.');
  for (const of of isClean ? (['examples', 'tokens'] as const) : (['examples'] as const)) {
    if (differs(counts(of))) lines.push(`The outcomes differ: ${counts(of).join('; ')}`);
  }
  return lines;
}
