/**
 * How fast is an upload, and in how much memory, beside curl, beside `fetch` with a form and a file-backed blob, and beside
 * the official client? Each is a process of its own that sends the same file to a bare sink on loopback; they take turns.
 *
 * `pnpm bench upload [--megabytes 64] [--rounds 3] [--file PATH]`
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cachedDataset } from './generate.js';
import { buildPrograms, type Run, runNode, runProgram } from './measure/child.js';
import { numberFlag } from './measure/number-flag.js';
import { environment, markdownTable, median } from './measure/table.js';
import { startSink } from './upload/sink.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const cli = path('../packages/cli/dist/bin.js');
const client = path('dist/upload/client.js');

const { values } = parseArgs({
  options: { megabytes: { type: 'string' }, rounds: { type: 'string' }, file: { type: 'string' } },
});
const rounds = Math.ceil(numberFlag('rounds', values.rounds, 3));
if (!existsSync(cli)) throw new Error('the command line is not built; run "pnpm build" first');
const dataset =
  values.file === undefined
    ? await cachedDataset({ megabytes: numberFlag('megabytes', values.megabytes, 64), seed: 1 })
    : resolve(values.file);
const { size } = await stat(dataset);
const hash = createHash('sha256');
for await (const chunk of createReadStream(dataset)) hash.update(chunk);
const sha256 = hash.digest('hex');
await buildPrograms();

const sink = await startSink();
const env = { ...process.env, OPENAI_API_KEY: 'sk-bench', NO_PROXY: '*' };

interface Contender {
  readonly name: string;
  run(): Promise<Run>;
}

const byClient = (name: string, ...more: readonly string[]) =>
  runNode([client, name, sink.url, dataset, ...more], { env });
const contenders: readonly Contender[] = [
  ...(spawnSync('curl', ['--version']).status === 0 ? [{ name: 'curl', run: runCurl }] : []),
  { name: 'tunegate, after a check', run: () => byClient('tunegate', String(size), sha256) },
  { name: 'tunegate, on its own (reads the file twice)', run: () => byClient('tunegate') },
  {
    name: 'tunegate upload --no-check',
    run: () =>
      runNode([cli, 'upload', '--no-check', '-q', '--parts', 'never', '--base-url', sink.url, dataset], { env }),
  },
  { name: 'fetch, FormData, openAsBlob', run: () => byClient('form-data') },
  { name: 'openai 6.49.0, read stream', run: () => byClient('official') },
  { name: 'openai 6.49.0, openAsBlob', run: () => byClient('official-blob') },
  { name: '(node that loads our uploader)', run: () => byClient('load-tunegate') },
  { name: '(node that does nothing)', run: () => byClient('load-nothing') },
];

async function runCurl(): Promise<Run> {
  const form = ['-F', 'purpose=fine-tune', '-F', `file=@${dataset};filename=${basename(dataset)}`];
  const quiet = ['-sS', '--fail', '--noproxy', '*', '-H', 'Expect:'];
  return runProgram('curl', [...quiet, '-H', 'authorization: Bearer sk-bench', ...form, `${sink.url}/files`]);
}

const isUpload = ({ name }: Contender) => !name.startsWith('(');
const runs = new Map<Contender, Run[]>(contenders.map((contender) => [contender, []]));
try {
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const before = sink.bytes();
      const run = await contender.run();
      runs.get(contender)!.push(run);
      const sent = sink.bytes() - before;
      if (isUpload(contender) && (sent < size || sent > size + 4096))
        throw new Error(`${contender.name} sent ${sent} of ${size}`);
      process.stderr.write(`round ${round}/${rounds}  ${contender.name}: ${run.wallSeconds.toFixed(2)} s\n`);
    }
  }
} finally {
  await sink.close();
}

type Measure = 'wallSeconds' | 'cpuSeconds';
const of = (contender: Contender, what: Measure) => median(runs.get(contender)!.map((run) => run[what]));
const megabytes = size / 1e6;
// What a process takes to start and to load is not the upload's.
const bare = contenders.at(-1)!;
const loaded = contenders.at(-2)!;
function withoutStart(contender: Contender, what: Measure): number {
  const start = contender.name.startsWith('tunegate') ? of(loaded, what) : of(bare, what);
  return Math.max(0.001, of(contender, what) - (contender.name === 'curl' ? 0 : start));
}
const rateOf = (contender: Contender, what: Measure) => megabytes / withoutStart(contender, what);
const reference = contenders[0]!;
const body = contenders.map((contender) => {
  const peak = Math.max(...runs.get(contender)!.map((run) => run.peakBytes));
  const rates = (['wallSeconds', 'cpuSeconds'] as const).flatMap((what) => [
    of(contender, what).toFixed(2),
    isUpload(contender) ? rateOf(contender, what).toFixed(0) : '',
    isUpload(contender) ? (rateOf(contender, what) / rateOf(reference, what)).toFixed(2) : '',
  ]);
  return [contender.name, ...rates, Number.isNaN(peak) ? '' : (peak / 1e6).toFixed(0)];
});
console.log(`${environment(new Date())}; ${megabytes.toFixed(1)} MB, median of ${rounds}\n`);
const ratio = `× ${reference.name}`;
const head = ['process', 'seconds', 'MB/s', ratio, 'CPU s', 'MB per CPU s', `CPU ${ratio}`, 'peak RSS MB'];
console.log(markdownTable(head, body));
