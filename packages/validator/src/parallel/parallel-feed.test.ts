import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatchBuilder } from '../batch.js';
import { createCheckParts, loadCounter } from '../check-parts.js';
import type { Diagnostic } from '../diagnostic.js';
import { createMerge } from '../merge.js';
import { normalizeOptions, portableOptions, type ValidateOptions } from '../options.js';
import { createSerialFeed, type Feed, type FeedParts } from '../serial-feed.js';
import { createTokenCollector } from '../tokens/statistics.js';
import { createJobCheck, type JobCheck } from './check-job.js';
import { type Crew, startThreads } from './crew.js';
import { createParallelFeed } from './parallel-feed.js';

const seeded = { seed: 20_261_125, numRuns: process.env.TUNEGATE_FULL === '1' ? 2_000 : 40 };
const FILE = 'train.jsonl';

interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
  readonly lines: number;
  readonly examples: number;
  readonly tokens: unknown;
  readonly counts: Record<string, number>;
}

async function outcome(
  chunks: readonly Uint8Array[],
  options: ValidateOptions,
  makeFeed: (parts: FeedParts) => Feed,
): Promise<Outcome> {
  const normalized = normalizeOptions(options);
  const diagnostics: Diagnostic[] = [];
  const counts: Record<string, number> = {};
  const tokens = createTokenCollector();
  const count = (rule: string, severity: string, times: number) => {
    counts[`${rule} ${severity}`] = (counts[`${rule} ${severity}`] ?? 0) + times;
  };
  const emit = (diagnostic: Diagnostic) => {
    diagnostics.push(diagnostic);
    count(diagnostic.rule, diagnostic.severity, 1);
  };
  const parts = { options: normalized, file: FILE, model: undefined, fingerprintWords: 4, tokens, emit, count };
  const merge = createMerge({ ...parts, secondLook: undefined });
  const batch = createBatchBuilder(normalized.maxDiagnosticsPerRule);
  const counter = await loadCounter(normalized);
  const thread = { file: FILE, isRecording: false, fingerprintWords: 4, keepsTexts: true };
  const checkParts = await createCheckParts(normalized, thread, counter, batch);
  const feed = makeFeed({ options: normalized, parts: checkParts, batch, merge });
  let bytes = 0;
  try {
    for (const chunk of chunks) {
      bytes += chunk.length;
      await feed.push(chunk);
    }
    await feed.end(bytes);
    merge.end(bytes);
  } finally {
    await feed.close();
  }
  const statistics = tokens.statistics('o200k_base');
  return { diagnostics, lines: merge.lines, examples: merge.examples, tokens: statistics, counts };
}

/** The work of the threads on this one, each job done when the hat says so. */
function shuffledCrew(size: number): Crew {
  let members: { check: Promise<JobCheck>; last: Promise<unknown> }[] = [];
  let jobs = 0;
  return {
    async begin(setup) {
      members = Array.from({ length: size }, () => ({ check: createJobCheck(setup), last: Promise.resolve() }));
    },
    get leastJobs() {
      return (jobs * 11) % 3;
    },
    async check(job) {
      jobs += 1;
      const member = members[(jobs * 7) % size]!;
      const own = structuredClone(job, { transfer: [job.buffer] });
      const turns = (jobs * 13) % 5;
      const result = member.last.then(async () => {
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return structuredClone(await (await member.check)(own));
      });
      member.last = result;
      return result;
    },
    async end() {},
  };
}

const parallel =
  (options: ValidateOptions, workers: number, jobBytes: number, crew: typeof startThreads = shuffledCrew) =>
  (parts: FeedParts) =>
    createParallelFeed({
      ...parts,
      startCrew: crew,
      workers,
      jobBytes,
      serialBytes: 0,
      isRecording: false,
      encoding: options.tokens === 'off' ? undefined : 'o200k_base',
      setup: { options: portableOptions(options), file: FILE, fingerprintWords: 4 },
    });

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += size) chunks.push(bytes.slice(from, from + size));
  return chunks;
}

const chat = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  });

const text = fc.constantFrom('a', 'b', 'What is 2 + 2?', '“Ω 🚲”', 'x'.repeat(300));
/** Lines whose findings depend on their neighbours, beside others: every one of them can stand at a cut. */
const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(text, text).map(([question, answer]) => chat(question, answer)) },
  { weight: 1, arbitrary: fc.constantFrom('', '  ', '\t') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"messages":[', '{"role":"user","content":"hi"}', ']}', '{', '}', '"', '{"a": "b'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('null', '{"messages":[]}', '{"prompt":"a","completion":" b"}', '{"x":1}', '\u00ff'),
  },
  { weight: 1, arbitrary: fc.constant(`{"messages":"${'y'.repeat(900)}"}`) },
  {
    weight: 1,
    arbitrary: fc.constant('{"messages":[{"role":"usr","content":"q"},{"role":"assistant","content":"a","x":1}]}'),
  },
);
const dataset = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n')), { minLength: 120, maxLength: 300 }),
    fc.constantFrom('', 'last', '{"a":'),
    // Only in lines without carriage returns are many taken at once.
    fc.boolean(),
  )
  .map(([mark, lines, last, isPlain]) =>
    Buffer.from(mark + lines.map(([it, feed]) => it + (isPlain ? '\n' : feed)).join('') + last),
  );

describe('a dataset that is checked on several threads', () => {
  it('has the same findings, in the same order, for any number of workers, any size of pieces and of chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        dataset,
        fc.constantFrom(1, 2, 3),
        fc.integer({ min: 64, max: 5_000 }),
        fc.integer({ min: 1, max: 7_000 }),
        fc.constantFrom<ValidateOptions>(
          {},
          { maxLineBytes: 700 },
          { tokens: 'off' },
          { tokens: 'off', maxDiagnosticsPerRule: 2 },
          { method: 'dpo' },
        ),
        async (bytes, workers, jobBytes, chunkBytes, options) => {
          const serial = await outcome([bytes], options, (parts) => createSerialFeed(parts));
          const found = await outcome(chunksOf(bytes, chunkBytes), options, parallel(options, workers, jobBytes));
          expect(found).toEqual(serial);
        },
      ),
      seeded,
    );
  }, 600_000);

  it('has them on real threads too', async () => {
    const [bytes] = fc.sample(dataset, { seed: 7, numRuns: 1 });
    const serial = await outcome([bytes!], {}, (parts) => createSerialFeed(parts));
    const found = await outcome(chunksOf(bytes!, 4_000), {}, parallel({}, 2, 2_000, startThreads));
    expect(serial.diagnostics.length).toBeGreaterThan(20);
    expect(found).toEqual(serial);
  });
});
