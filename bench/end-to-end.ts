/**
 * How long does a whole check take, and in how much memory, beside the floor (`bare.ts`) and beside the naive
 * composition of the same packages (`naive.ts`)? Each is a process of its own; they take turns, so that a busy machine
 * slows all of them.
 *
 * `pnpm bench end-to-end [--megabytes 64] [--seed 1] [--file PATH] [--rounds 3] [--tokens exact|off|both]`
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cachedDataset } from './generate.js';
import { buildPrograms, type Run, runNode } from './measure/child.js';
import { numberFlag } from './measure/number-flag.js';
import { environment, markdownTable, median } from './measure/table.js';

interface Contender {
  readonly name: string;
  readonly args: readonly string[];
  /** A check that finds errors ends with 1. */
  readonly expectedCodes: readonly number[];
  readonly outcome: (stdout: string) => Outcome;
}

/** What a contender found out: by this we know that it did the work. */
interface Outcome {
  readonly examples: number;
  readonly findings?: number;
  readonly tokens?: number;
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const cli = path('../packages/cli/dist/bin.js');

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string' },
    seed: { type: 'string' },
    file: { type: 'string' },
    rounds: { type: 'string' },
    tokens: { type: 'string', default: 'both' },
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

const contenders: readonly Contender[] = [
  {
    name: 'bare',
    args: [path('dist/bare.js'), dataset],
    expectedCodes: [0],
    outcome: (stdout) => JSON.parse(stdout) as { examples: number },
  },
  ...modes.flatMap((tokens): Contender[] => [
    {
      name: `naive, tokens ${tokens}`,
      args: [path('dist/naive.js'), dataset, '--tokens', tokens],
      expectedCodes: [0],
      outcome: (stdout) => {
        const { errors, ...rest } = JSON.parse(stdout) as { examples: number; errors: number; tokens?: number };
        return { ...rest, findings: errors };
      },
    },
    {
      name: `tunegate check, tokens ${tokens}`,
      args: [cli, 'check', dataset, '--no-config', '--format', 'jsonl', '--tokens', tokens],
      expectedCodes: [0, 1],
      outcome: summaryOutcome,
    },
  ]),
];

const runs = new Map<Contender, Run[]>(contenders.map((contender) => [contender, []]));
for (let round = 1; round <= rounds; round += 1) {
  for (const contender of contenders) {
    const run = await runNode(contender.args, contender.expectedCodes);
    runs.get(contender)!.push(run);
    process.stderr.write(`round ${round}/${rounds}  ${contender.name}: ${run.wallSeconds.toFixed(2)} s\n`);
  }
}
const disagreements = compareOutcomes(contenders.map((it) => [it.name, it.outcome(runs.get(it)![0]!.stdout)]));

const wall = (contender: Contender) => median(runs.get(contender)!.map((run) => run.wallSeconds));
const cpu = (contender: Contender) => median(runs.get(contender)!.map((run) => run.cpuSeconds));
const bare = contenders[0]!;
const body = contenders.map((contender) => [
  contender.name,
  wall(contender).toFixed(2),
  (megabytes / wall(contender)).toFixed(1),
  (wall(contender) / wall(bare)).toFixed(2),
  cpu(contender).toFixed(2),
  (cpu(contender) / cpu(bare)).toFixed(2),
  (Math.max(...runs.get(contender)!.map((run) => run.peakBytes)) / 1e6).toFixed(0),
]);
const kind = values.file === undefined ? `generated, seed ${numberFlag('seed', values.seed, 1)}` : 'a file of your own';
console.log(`${environment(new Date())}; ${megabytes.toFixed(1)} MB (${kind}), median of ${rounds}\n`);
console.log(markdownTable(['process', 'seconds', 'MB/s', '× bare', 'CPU s', 'CPU × bare', 'peak RSS MB'], body));
for (const line of disagreements) console.error(line);
if (disagreements.length > 0) process.exitCode = 1;

function summaryOutcome(stdout: string): Outcome {
  const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as {
    examples: number;
    errors: number;
    warnings: number;
    tokens?: { total: number };
  };
  return {
    examples: summary.examples,
    findings: summary.errors + summary.warnings,
    ...(summary.tokens === undefined ? {} : { tokens: summary.tokens.total }),
  };
}

/**
 * Nobody wins by doing less: all must have seen the same examples, and the two formulas of tokens are the same one.
 * Tokens of a dataset with findings are not compared: what cannot be counted differs.
 */
function compareOutcomes(outcomes: readonly (readonly [name: string, outcome: Outcome])[]): readonly string[] {
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
