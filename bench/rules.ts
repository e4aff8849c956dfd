/**
 * What do all rules together cost, tokens aside, beside decoding and parsing each line; and what does a fault on every
 * line cost beside none? In one process, on one thread, the contenders taking turns; medians of CPU seconds, because
 * other work on the machine then matters less.
 *
 * `pnpm bench rules [--megabytes 64] [--seed 1] [--rounds 5]`
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { diagnose, type Report, rules } from '@tunegate/validator';
import { cachedDataset } from './generate.js';
import { numberFlag } from './measure/number-flag.js';
import { environment, markdownTable, median } from './measure/table.js';

const { values } = parseArgs({
  options: { megabytes: { type: 'string' }, seed: { type: 'string' }, rounds: { type: 'string' } },
});
const path = await cachedDataset({
  megabytes: numberFlag('megabytes', values.megabytes, 64),
  seed: numberFlag('seed', values.seed, 1),
});
const rounds = Math.ceil(numberFlag('rounds', values.rounds, 5));
const clean = await readFile(path);
// The last message of every example gets a key that no role has.
const faulty = Buffer.from(clean.toString('utf8').replaceAll(/\}\](,"|\}\n)/g, ',"timestamp":0}]$1'));

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
}

async function bare(bytes: Buffer): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let lines = 0;
  for await (const chunk of chunks(bytes)) {
    const whole = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let feed = whole.indexOf(10); feed !== -1; feed = whole.indexOf(10, from)) {
      JSON.parse(whole.toString('utf8', from, feed));
      lines += 1;
      from = feed + 1;
    }
    rest = whole.subarray(from);
  }
  return lines;
}

/** As the command line does it, on one thread: every diagnostic is made, none is kept. */
async function check(bytes: Buffer, ignore: readonly string[]): Promise<Report> {
  const diagnostics = diagnose(chunks(bytes), { tokens: 'off', ignore, maxDiagnostics: 0, workers: 1 });
  for (;;) {
    const next = await diagnostics.next();
    if (next.done) return next.value;
  }
}

const all = rules.map(({ id }) => id);
const contenders: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
  ['decode and JSON.parse', () => bare(clean)],
  ['check, all rules off', () => check(clean, all)],
  ['check, dataset rules off', () => check(clean, ['dataset/*'])],
  ['check, all rules', () => check(clean, [])],
  ['check, all rules, a fault on every line', () => check(faulty, [])],
];

const found = await check(faulty, []);
if (found.errors < found.examples) throw new Error(`only ${found.errors} of ${found.examples} lines have their fault`);
const seconds = new Map<string, number[]>(contenders.map(([name]) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const [name, run] of contenders) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    // The first round warms up.
    if (round >= 0) seconds.get(name)?.push((user + system) / 1e6);
  }
}

const medians = new Map([...seconds].map(([name, list]) => [name, median(list)]));
const floor = medians.get('decode and JSON.parse') ?? Number.NaN;
console.log(environment(new Date()));
console.log(
  markdownTable(
    ['process', 'CPU s', '× decode and parse'],
    [...medians].map(([name, value]) => [name, value.toFixed(2), (value / floor).toFixed(2)]),
  ),
);
const of = (name: string) => medians.get(name) ?? Number.NaN;
const cost = (of('check, all rules') - of('check, all rules off')) / floor;
console.log(`all rules cost ${(cost * 100).toFixed(0)} % of decoding and parsing`);
console.log(
  `a fault on every line costs ${(of('check, all rules, a fault on every line') / of('check, all rules')).toFixed(2)} × none`,
);
