/**
 * How fast are tokens counted, ours beside tiktoken and the JavaScript tokenizers, in texts that the counter has not
 * seen before? Each contender is a process of its own and counts the same texts once, each kind once.
 *
 * `pnpm bench tokens [--seed 1] [--rounds 3] [--file my.jsonl]`
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { numberFlag } from './measure/number-flag.js';
import { environment, markdownTable } from './measure/table.js';
import { KINDS, textsOf } from './text/kinds.js';
import { createRandom } from './text/random.js';

/** What a contender has to be: it counts as plain text what looks like a special token. */
type Count = (text: string) => number;

/** Each loads what it needs, and says how to begin anew, with nothing remembered of texts. */
const CONTENDERS: Record<string, () => Promise<() => Promise<Count>>> = {
  tunegate: async () => {
    const { createTokenCounterFrom, leaseTokenCounter } = await import(
      '../packages/validator/src/tokens/shared-counter.js'
    );
    let release = () => {};
    return async () => {
      release();
      const lease = await leaseTokenCounter('o200k_base');
      release = lease.release;
      return createTokenCounterFrom(lease.counter).count;
    };
  },
  tiktoken: async () => {
    const { get_encoding } = await import('tiktoken');
    const tiktoken = get_encoding('o200k_base');
    return async () => (it) => tiktoken.encode_ordinary(it).length;
  },
  'gpt-tokenizer': async () => {
    const { clearMergeCache, countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
    const options = { disallowedSpecial: new Set<string>() };
    return async () => {
      clearMergeCache();
      return (it) => countTokens(it, options);
    };
  },
  'js-tiktoken': async () => {
    const { getEncoding } = await import('js-tiktoken');
    const tiktoken = getEncoding('o200k_base');
    return async () => (it) => tiktoken.encode(it, [], []).length;
  },
  'ai-tokenizer': async () => {
    const [{ Tokenizer }, encoding] = await Promise.all([
      import('ai-tokenizer'),
      import('ai-tokenizer/encoding/o200k_base'),
    ]);
    return async () => {
      const tokenizer = new Tokenizer(encoding);
      return (it) => tokenizer.count(it);
    };
  },
};

/** So long a contender counts the texts of a kind, again and again, each time anew; its best time counts. */
const SECONDS = 0.6;
/** Of processor time: on a busy machine, compilers get little of the wall clock's. */
const WARM_UP_SECONDS = 1;
/** Long pieces take tiktoken time by the square of their length, so the others get the beginning of them only. */
const SINGLE_TEXT_UNITS = 4000;

interface Result {
  readonly megabytesPerSecond: number;
  readonly seconds: number;
  readonly texts: number;
  readonly tokens: number;
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    file: { type: 'string' },
    contender: { type: 'string' },
  },
});
const seed = numberFlag('seed', values.seed, 1);
const kinds = values.file === undefined ? KINDS : ['a file of your own', ...KINDS];

if (values.contender !== undefined) await measure(values.contender);
else await compare();

/** In a process of its own. */
async function measure(name: string): Promise<void> {
  const beginAnew = await CONTENDERS[name]!();
  const count = await beginAnew();
  // So that compilers have seen the code; nothing of it comes again.
  const random = createRandom(seed + 1);
  const before = process.cpuUsage();
  while (cpuSecondsSince(before) < WARM_UP_SECONDS) {
    let words = '';
    for (let left = 40; left > 0; left -= 1)
      words += ` ${random.text(random.between(1, 9), 'abcdefghijкломноп')}, Q${left}`;
    count(words);
  }
  const results: Record<string, Result> = {};
  for (const kind of kinds) {
    let texts = kind === 'a file of your own' ? textsOfFile(values.file!) : textsOf(kind, seed);
    if (texts.length === 1 && name !== 'tunegate') texts = [texts[0]!.slice(0, SINGLE_TEXT_UNITS)];
    const sizes = texts.map((it) => Buffer.byteLength(it));
    let spent = 0;
    while (spent < SECONDS) {
      const result = countFor(SECONDS - spent, await beginAnew(), texts, sizes);
      spent += result.seconds;
      const best = results[kind];
      // What it had no time to end says less.
      if (best === undefined || (result.texts === texts.length && result.megabytesPerSecond > best.megabytesPerSecond))
        results[kind] = result;
    }
  }
  console.log(JSON.stringify(results));
}

/** Counts the texts until they are all counted, or so many seconds have gone. */
function countFor(limit: number, count: Count, texts: readonly string[], sizes: readonly number[]): Result {
  const before = process.cpuUsage();
  let seconds = 0;
  let bytes = 0;
  let tokens = 0;
  let counted = 0;
  while (counted < texts.length && seconds < limit) {
    const last = Math.min(counted + 50, texts.length);
    for (; counted < last; counted += 1) {
      tokens += count(texts[counted]!);
      bytes += sizes[counted]!;
    }
    seconds = cpuSecondsSince(before);
  }
  return { megabytesPerSecond: bytes / 1e6 / seconds, seconds, texts: counted, tokens };
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function compare(): Promise<void> {
  const rounds = Math.ceil(numberFlag('rounds', values.rounds, 3));
  const best = new Map<string, Record<string, Result>>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of Object.keys(CONTENDERS)) {
      const results = JSON.parse(await run(name)) as Record<string, Result>;
      const before = best.get(name) ?? results;
      const faster = (kind: string) =>
        results[kind]!.megabytesPerSecond > before[kind]!.megabytesPerSecond ? results[kind]! : before[kind]!;
      best.set(name, Object.fromEntries(kinds.map((kind) => [kind, faster(kind)])));
      process.stderr.write(`round ${round}/${rounds}  ${name}\n`);
    }
  }
  const rate = (name: string, kind: string) => best.get(name)![kind]!.megabytesPerSecond;
  const body = kinds.map((kind) => [
    kind,
    ...Object.keys(CONTENDERS).map((name) => rate(name, kind).toFixed(1)),
    `${(rate('tunegate', kind) / rate('tiktoken', kind)).toFixed(0)} ×`,
  ]);
  console.log(`${environment(new Date())}; seed ${seed}, best of ${rounds}, MB per second of processor time\n`);
  console.log(markdownTable(['text', ...Object.keys(CONTENDERS), 'ours ÷ tiktoken'], body));
}

async function run(contender: string): Promise<string> {
  const args = [
    ...process.execArgv,
    fileURLToPath(import.meta.url),
    ...process.argv.slice(2),
    '--contender',
    contender,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const [code, output] = await Promise.all([ended, text(child.stdout)]);
  if (code !== 0) throw new Error(`${contender} ended with ${code ?? 'a signal'}`);
  return output;
}

/** All strings of a JSON Lines file, as long as they are. */
function textsOfFile(path: string): readonly string[] {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) collect(part);
  };
  for (const line of readFileSync(path, 'utf8').split('\n')) if (line.trim() !== '') collect(JSON.parse(line));
  return texts;
}
