import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { createBatchBuilder } from './batch.js';
import { createCheckParts, loadCounter, namedModel } from './check-parts.js';
import type { Diagnostic } from './diagnostic.js';
import { OptionsError } from './errors.js';
import { COLLECTED_WORDS } from './formats/example-fingerprints.js';
import { createMerge } from './merge.js';
import { type NormalizedOptions, normalizeOptions, portableOptions, type ValidateOptions } from './options.js';
import type { WorkerSetup } from './parallel/messages.js';
import { createParallelFeed, type ParallelFeedParts } from './parallel/parallel-feed.js';
import { type ByteSource, chunksOf } from './reader/byte-source.js';
import { type DatasetFile, openDataset } from './reader/file.js';
import { createOverflowFiles } from './reader/overflow-files.js';
import { createSecondLook, type SecondLook } from './reader/second-look.js';
import { createSniffer } from './reader/sniffer.js';
import { unpack } from './reader/unpack.js';
import { createReportCollector, type Report } from './report.js';
import { reportFileName, reportFileSize } from './rules/file/findings.js';
import { reportModelFindings } from './rules/model/findings.js';
import { describeType } from './rules/quote.js';
import { createSerialFeed, type Feed, type FeedParts } from './serial-feed.js';
import { createMergeState } from './shards/create-merge-state.js';
import { createEdgeFinder } from './shards/file-edges.js';
import { createFingerprintWriter } from './shards/fingerprint-file.js';
import { createTokenCollector } from './tokens/statistics.js';

/** Handled at once, between two looks at the signal: so many findings at most wait for a slow reader of them. */
const SLICE_BYTES = 256 * 1024;

/** A dataset of so many bytes is checked before another thread has been started. */
const PARALLEL_BYTES = 4 * 1024 * 1024;
/** So many examples a rule compares in memory, at some 16 bytes each; more go to temporary files. */
export const MAX_FINGERPRINTS = 64_000_000;
/** More threads than this wait for the one that reads. */
const MAX_WORKERS = 8;

/** Where a finding about the kind of file stands. */
const FIRST_BYTE = { line: 1, column: 1, endLine: 1, endColumn: 1, byteOffset: [0, 0], pointer: '' } as const;

/**
 * Checks a file in one pass: findings, size, SHA-256, counts and statistics.
 *
 * @returns The report; its `diagnostics` are the first `maxDiagnostics`.
 * @throws {DatasetReadError} When the file cannot be read.
 * @throws {OptionsError} When an option is wrong.
 * @throws The reason of `options.signal`, when that ends the check.
 */
export async function validateFile(path: string, options?: ValidateOptions): Promise<Report> {
  return finish(checkFile(path, normalizeOptions(options)));
}

/**
 * Checks a stream in one pass, as {@link validateFile} does a file. The name is not judged unless `fileName` gives one.
 *
 * @throws {OptionsError} When an option is wrong.
 * @throws Whatever the source throws, and the reason of `options.signal`.
 */
export async function validateStream(source: ByteSource, options?: ValidateOptions): Promise<Report> {
  const normalized = normalizeOptions(options);
  return finish(checkChunks(chunksOf(source, normalized.signal), normalized, { name: normalized.fileName }));
}

/**
 * Yields every diagnostic as it is found, in bounded memory: the source is read no faster than diagnostics are taken.
 *
 * @param source - A path, or bytes.
 * @throws As {@link validateFile} does.
 */
export async function* diagnose(
  source: string | ByteSource,
  options?: ValidateOptions,
): AsyncGenerator<Diagnostic, Report> {
  const normalized = normalizeOptions(options);
  const batches =
    typeof source === 'string'
      ? checkFile(source, normalized)
      : checkChunks(chunksOf(source, normalized.signal), normalized, { name: normalized.fileName });
  try {
    for (;;) {
      const next = await batches.next();
      if (next.done) return next.value;
      yield* next.value;
    }
  } finally {
    // Whoever has seen enough leaves in the middle: file and threads are let go all the same.
    await batches.return(undefined as never);
  }
}

/** What is wanted of a file that is one of several. */
export interface PartCheck {
  /** What to call bytes without a name; that is not judged as a name is. */
  readonly label: string | undefined;
  /** Gets every diagnostic, and the format that the file has been taken for by then. Reading waits for a promise. */
  take(diagnostic: Diagnostic, format: Report['format'] | undefined): void | Promise<void>;
  /** Gets what reads lines of the file again, and has to close it; not called where they cannot be read again. */
  keep(secondLook: SecondLook): void;
}

/** Checks a file or bytes that are one of several. @throws As {@link validateFile} does. */
export function validatePart(source: string | ByteSource, options: ValidateOptions, part: PartCheck): Promise<Report> {
  const normalized = normalizeOptions(options);
  return finish(
    typeof source === 'string'
      ? checkFile(source, normalized, part)
      : checkChunks(chunksOf(source, normalized.signal), normalized, { name: normalized.fileName, part }),
  );
}

type Batches = AsyncGenerator<Diagnostic[], Report>;

async function finish(batches: Batches): Promise<Report> {
  for (;;) {
    const next = await batches.next();
    if (next.done) return next.value;
  }
}

async function* checkFile(path: string, options: NormalizedOptions, part?: PartCheck): Batches {
  options.signal?.throwIfAborted();
  if (typeof path !== 'string') {
    throw new OptionsError('path', `the path is ${describeType(path)}; it must be a string (of a URL: fileURLToPath)`);
  }
  const file = await openDataset(path);
  try {
    return yield* checkChunks(file.chunks(), options, { name: options.fileName ?? path, file, part });
  } finally {
    await file.close();
  }
}

interface Origin {
  readonly name: string | undefined;
  /** Absent for a stream. */
  readonly file?: DatasetFile;
  readonly part?: PartCheck | undefined;
}

async function* checkChunks(source: AsyncIterable<Uint8Array>, options: NormalizedOptions, origin: Origin): Batches {
  // Not `performance`, whose modules take a millisecond or two to load.
  const started = process.uptime();
  const { part } = origin;
  const file = origin.name ?? part?.label ?? '<stream>';
  const size = origin.file?.size;
  const model = namedModel(options);
  const counter = await loadCounter(options);
  const hash = createHash('sha256');
  const tokens = createTokenCollector();
  const collector = createReportCollector(options.maxDiagnostics);
  let found: Diagnostic[] = [];
  let waits: Promise<void>[] = [];
  let bytes = 0;
  const takeFound = async (): Promise<Diagnostic[]> => {
    const taken = found;
    found = [];
    if (waits.length > 0) {
      await Promise.all(waits);
      waits = [];
    }
    return taken;
  };

  const packed = await unpack(source);
  const { compression } = packed;
  const { collectFingerprints: collected, trainingFingerprints: training } = options;
  const fingerprints = createFingerprintWriter(options.onFingerprints);
  const isRecording = collected !== undefined || training !== undefined || fingerprints !== undefined;
  const canReread = origin.file !== undefined && compression === undefined;
  const fingerprintWords = canReread && !isRecording ? 2 : COLLECTED_WORDS;
  const secondLook = canReread ? createSecondLook(origin.file!, options.maxLineBytes) : undefined;
  if (secondLook !== undefined) part?.keep(secondLook);
  const overflow = createOverflowFiles(MAX_FINGERPRINTS);
  const merge = createMerge({
    options,
    file,
    model,
    fingerprintWords,
    fingerprints,
    // What is compared elsewhere, too, is known by 128 bits; a part has its lines noted for that other place.
    secondLook: isRecording && part === undefined ? undefined : secondLook,
    overflow,
    tokens,
    count: collector.count,
    emit(diagnostic) {
      collector.add(diagnostic);
      found.push(diagnostic);
      const wait =
        part === undefined ? options.onDiagnostic?.(diagnostic) : part.take(diagnostic, merge.choice?.format);
      if (wait !== undefined) waits.push(wait);
    },
  });
  const batch = createBatchBuilder(options.maxDiagnosticsPerRule);
  const thread = { file, fingerprintWords, isRecording };
  const parts = await createCheckParts(options, { ...thread, keepsTexts: true }, counter, batch);
  const feed = createFeed({ options, parts, batch, merge }, { ...thread, encoding: counter?.encoding }, size);
  const edges = createEdgeFinder();
  let wasRead = false;
  const sniffer = createSniffer((finding) => merge.reporter.atBytes(finding, FIRST_BYTE));

  try {
    if (compression !== undefined && packed.isReadable) {
      merge.reporter.atBytes({ rule: 'file/compressed', params: { kind: compression } }, FIRST_BYTE);
    }
    for await (const chunk of packed.chunks) {
      hash.update(chunk);
      for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
        options.signal?.throwIfAborted();
        const slice = chunk.subarray(from, from + SLICE_BYTES);
        bytes += slice.length;
        edges.push(slice);
        for (const part of sniffer.take(slice)) await feed.push(part);
        if (found.length > 0) yield await takeFound();
        if (fingerprints?.isFull) await fingerprints.flush();
      }
      options.onProgress?.({
        bytes,
        ...(size === undefined || compression !== undefined ? {} : { totalBytes: size }),
        examples: merge.examples,
        errors: collector.errors,
      });
    }
    options.signal?.throwIfAborted();
    for (const part of sniffer.end()) await feed.push(part);
    const isUnreadable = compression !== undefined && (!packed.isReadable || packed.isDamaged);
    if (isUnreadable) {
      const fault = packed.isReadable ? 'damaged' : 'node';
      merge.reporter.aboutFile({ rule: 'file/compressed', params: { kind: compression, fault } });
    }
    if (!sniffer.isContainer && !(isUnreadable && bytes === 0)) {
      await feed.end(bytes);
      merge.end(bytes);
      wasRead = true;
    }
  } finally {
    await feed.close();
    overflow.close();
  }
  reportFileSize(merge.reporter.aboutFile, { bytes, target: options.target, isInParts: options.parts === 'always' });
  if (origin.name !== undefined) reportFileName(merge.reporter.aboutFile, basename(origin.name));
  const { format = 'unknown', reason: formatReason = 'there are no examples' } = merge.choice ?? {};
  if (options.model !== undefined) {
    const { model: named, models, method, now } = options;
    const facts = { named, model, models, method, format, today: now() };
    reportModelFindings(merge.reporter.aboutFile, facts);
  }
  if (found.length > 0) yield await takeFound();
  const sha256 = hash.digest('hex');
  await fingerprints?.end({ sha256, format });
  return collector.report({
    file,
    target: options.target.name,
    model: options.model,
    pricing: model,
    format,
    formatReason,
    bytes,
    lines: merge.lines,
    examples: merge.examples,
    sha256,
    tokens: counter === undefined ? undefined : tokens.statistics(counter.encoding),
    durationMs: Math.round((process.uptime() - started) * 1000),
    merge: createMergeState({
      options,
      model,
      wasRead,
      edges: edges.end(),
      choice: merge.choice,
      facts: merge.found(),
      counts: collector.counts(),
      tokens: tokens.counts(),
      encoding: counter?.encoding,
    }),
  });
}

/** On one thread or on several. */
function createFeed(
  parts: FeedParts,
  thread: Pick<ParallelFeedParts, 'isRecording' | 'encoding'> & Pick<WorkerSetup, 'file' | 'fingerprintWords'>,
  size: number | undefined,
): Feed {
  const { options } = parts;
  const workers = options.workers ?? Math.min(availableParallelism(), MAX_WORKERS);
  // Functions cannot be sent to another thread.
  const isSmall = size !== undefined && size < PARALLEL_BYTES;
  if (workers < 2 || isSmall || options.customRules.length > 0) return createSerialFeed(parts);
  const { file, fingerprintWords, isRecording, encoding } = thread;
  const setup = { options: portableOptions(options.given), file, fingerprintWords };
  const serialBytes = size === undefined ? PARALLEL_BYTES : 0;
  return createParallelFeed({ ...parts, workers, setup, isRecording, encoding, serialBytes });
}
