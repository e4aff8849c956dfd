/**
 * How long does a check of a small file take, from the start of its process to the end, beside a Node that does nothing
 * and beside the naive composition of the same packages (`naive.ts`)? They take turns; nothing is loaded into the
 * processes to measure them, so there is the wall clock only.
 *
 * Where NODE_EXTRA_CA_CERTS is set, Node 20 reads those certificates at each start, which can take longer than all else that
 * it does; the ratios to it are then smaller than most people have them. It is said above the table.
 *
 * `pnpm bench startup [--lines 50] [--seed 1] [--rounds 31]`
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPrograms } from './measure/child.js';
import { numberFlag } from './measure/number-flag.js';
import { summaryLine } from './measure/summary.js';
import { environment, markdownTable, median } from './measure/table.js';
import { exampleLines } from './text/examples.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const cli = path('../packages/cli/dist/bin.js');
const folder = path('../.bench');

const { values } = parseArgs({
  options: { lines: { type: 'string' }, seed: { type: 'string' }, rounds: { type: 'string' } },
});
const lineCount = Math.ceil(numberFlag('lines', values.lines, 50));
const seed = numberFlag('seed', values.seed, 1);
const rounds = Math.ceil(numberFlag('rounds', values.rounds, 31));
if (!existsSync(cli)) throw new Error('the command line is not built; run "pnpm build" first');
await mkdir(folder, { recursive: true });
await buildPrograms();

const plain = await writeSmallDataset('chat', (line) => !line.includes('"tools":['));
const withTools = await writeSmallDataset('tools', (line) => line.includes('"tools":['));

interface Contender {
  readonly name: string;
  readonly args: readonly string[];
  /** At most so many times the Node that does nothing. */
  readonly bar?: number;
}

const contenders: readonly Contender[] = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'tunegate --version', args: [cli, '--version'], bar: 1.3 },
  { name: `tunegate check, ${plain.label}`, args: [cli, 'check', plain.path], bar: 2 },
  { name: `tunegate check, ${withTools.label}`, args: [cli, 'check', withTools.path], bar: 2 },
  { name: `naive, ${plain.label}`, args: [path('dist/naive.js'), plain.path] },
  { name: `naive, ${withTools.label}`, args: [path('dist/naive.js'), withTools.path] },
];

for (const { path } of [plain, withTools]) await expectSameWork(path);
const seconds = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
// The first round warms up what the machine caches of files.
for (let round = 0; round <= rounds; round += 1) {
  for (const contender of contenders) {
    const { wallSeconds } = await timed(contender.args);
    if (round > 0) seconds.get(contender)!.push(wallSeconds);
  }
}

const floor = seconds.get(contenders[0]!)!;
const body = contenders.map((contender) => {
  const all = seconds.get(contender)!;
  return [
    contender.name,
    (median(all) * 1000).toFixed(0),
    (Math.min(...all) * 1000).toFixed(0),
    (median(all) / median(floor)).toFixed(2),
    (Math.min(...all) / Math.min(...floor)).toFixed(2),
    contender.bar?.toFixed(1) ?? '',
  ];
});
const certificates = process.env.NODE_EXTRA_CA_CERTS ? '; NODE_EXTRA_CA_CERTS is set' : '';
console.log(`${environment(new Date())}; tokens exact, median of ${rounds}${certificates}\n`);
console.log(markdownTable(['process', 'ms', 'best ms', '× node', 'best × node', 'aim'], body));

/** The first so many generated examples that are wanted. */
async function writeSmallDataset(kind: string, isWanted: (line: string) => boolean) {
  let lines = '';
  let left = lineCount;
  for (const line of exampleLines(seed)) {
    if (!isWanted(line)) continue;
    lines += line;
    left -= 1;
    if (left === 0) break;
  }
  const path = `${folder}/small-${kind}-${lineCount}-seed${seed}.jsonl`;
  await writeFile(path, lines);
  const size = `${(Buffer.byteLength(lines) / 1000).toFixed(0)} kB`;
  return { path, label: `${lineCount} lines ${kind === 'tools' ? 'with' : 'without'} tools (${size})` };
}

/** Nobody wins by doing less: both count the same examples and the same tokens, and neither finds an error. */
async function expectSameWork(dataset: string): Promise<void> {
  const ours = summaryLine((await timed([cli, 'check', dataset, '--format', 'jsonl'])).stdout);
  const naive = JSON.parse((await timed([path('dist/naive.js'), dataset])).stdout) as {
    readonly examples: number;
    readonly errors: number;
    readonly tokens: number;
  };
  const isSame =
    ours.examples === lineCount &&
    naive.examples === lineCount &&
    ours.errors === naive.errors &&
    ours.tokens?.total === naive.tokens;
  if (!isSame) throw new Error(`the outcomes differ: ${JSON.stringify({ dataset, ours, naive })}`);
}

/** One Node from its start to its end, in `.bench`, where no configuration is. */
async function timed(args: readonly string[]): Promise<{ readonly wallSeconds: number; readonly stdout: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ code: number | null; wallSeconds: number }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, wallSeconds: (performance.now() - started) / 1000 }));
  });
  const [{ code, wallSeconds }, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${stderr}${stdout}`);
  return { wallSeconds, stdout };
}
