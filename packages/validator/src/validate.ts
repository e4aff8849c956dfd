import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Diagnostic } from './diagnostic.js';
import { type NormalizedOptions, normalizeOptions, type ValidateOptions } from './options.js';
import { createPipeline } from './pipeline.js';
import { openDataset } from './reader/file.js';
import { createLineReader } from './reader/lines.js';
import { createSniffer } from './reader/sniffer.js';
import { unpack } from './reader/unpack.js';
import { createReportCollector, type Report } from './report.js';
import { createReporter } from './reporter.js';
import { reportFileFindings } from './rules/file/findings.js';
import { reportModelFindings } from './rules/model/findings.js';
import { compileExtraKeys } from './shape/extra-keys.js';
import { findModel } from './targets/models.js';
import { createTokenCounter } from './tokens/counter.js';
import { createTokenCollector } from './tokens/statistics.js';

/** Handled at once, between two looks at the signal: so many findings at most wait for a slow reader of them. */
const SLICE_BYTES = 64 * 1024;

/** Where a finding about the kind of file stands. */
const FIRST_BYTE = { line: 1, column: 1, endLine: 1, endColumn: 1, byteOffset: [0, 0], pointer: '' } as const;

/** Bytes from anywhere: a Node stream, a Web stream, an async generator. */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

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
  return finish(checkChunks(iterate(source), normalized, { name: normalized.fileName, path: undefined }));
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
      : checkChunks(iterate(source), normalized, { name: normalized.fileName, path: undefined });
  for (;;) {
    const next = await batches.next();
    if (next.done) return next.value;
    yield* next.value;
  }
}

type Batches = AsyncGenerator<Diagnostic[], Report>;

async function finish(batches: Batches): Promise<Report> {
  for (;;) {
    const next = await batches.next();
    if (next.done) return next.value;
  }
}

async function* checkFile(path: string, options: NormalizedOptions): Batches {
  options.signal?.throwIfAborted();
  const file = await openDataset(path);
  try {
    return yield* checkChunks(file.chunks(), options, { name: options.fileName ?? path, path, size: file.size });
  } finally {
    await file.close();
  }
}

interface Origin {
  readonly name: string | undefined;
  readonly path: string | undefined;
  readonly size?: number;
}

async function* checkChunks(source: AsyncIterable<Uint8Array>, options: NormalizedOptions, origin: Origin): Batches {
  const started = performance.now();
  const { target } = options;
  const model = options.model === undefined ? undefined : findModel(options.model, options.models);
  const counter =
    options.tokens === 'off' || (options.model !== undefined && model === undefined)
      ? undefined
      : await createTokenCounter({ encoding: model?.encoding ?? target.defaults.encoding });
  const name = origin.name ?? '<stream>';
  const hash = createHash('sha256');
  const tokens = createTokenCollector();
  const collector = createReportCollector(options.maxDiagnostics);
  let batch: Diagnostic[] = [];
  let waits: Promise<void>[] = [];
  let bytes = 0;

  const reporter = createReporter(options, name, (diagnostic) => {
    collector.add(diagnostic);
    batch.push(diagnostic);
    const wait = options.onDiagnostic?.(diagnostic);
    if (wait !== undefined) waits.push(wait);
  });
  const maxExampleTokens = options.model === undefined ? target.defaults.maxExampleTokens : model?.maxExampleTokens;
  const extraKeys = options.extraKeys === undefined ? undefined : await compileExtraKeys(options.extraKeys);
  const pipeline = createPipeline({ options, reporter, counter, model, maxExampleTokens, extraKeys, tokens });
  const reader = createLineReader(pipeline, options.maxLineBytes);
  const sniffer = createSniffer((finding) => reporter.atBytes(finding, FIRST_BYTE));
  const takeBatch = async (): Promise<Diagnostic[]> => {
    const taken = batch;
    batch = [];
    if (waits.length > 0) {
      await Promise.all(waits);
      waits = [];
    }
    return taken;
  };

  const packed = await unpack(source);
  const { compression } = packed;
  if (compression !== undefined && packed.isReadable) {
    reporter.atBytes({ rule: 'file/compressed', params: { kind: compression } }, FIRST_BYTE);
  }
  for await (const chunk of packed.chunks) {
    hash.update(chunk);
    for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
      options.signal?.throwIfAborted();
      const slice = chunk.subarray(from, from + SLICE_BYTES);
      bytes += slice.length;
      for (const part of sniffer.take(slice)) reader.push(part);
      if (pipeline.pending !== undefined) await pipeline.pending;
      if (batch.length > 0) yield await takeBatch();
    }
    options.onProgress?.({
      bytes,
      ...(origin.size === undefined || compression !== undefined ? {} : { totalBytes: origin.size }),
      examples: pipeline.examples,
      errors: collector.errors,
    });
  }
  options.signal?.throwIfAborted();
  for (const part of sniffer.end()) reader.push(part);
  reader.end();
  const isUnreadable = compression !== undefined && (!packed.isReadable || packed.isDamaged);
  if (isUnreadable) {
    const fault = packed.isReadable ? 'damaged' : 'node';
    reporter.aboutFile({ rule: 'file/compressed', params: { kind: compression, fault } });
  }
  if (!sniffer.isContainer && !(isUnreadable && bytes === 0)) pipeline.end(bytes);
  await pipeline.pending;
  reportFileFindings(reporter.aboutFile, {
    bytes,
    name: origin.name === undefined ? undefined : basename(origin.name),
    target,
    isInParts: options.parts === 'always',
  });
  if (options.model !== undefined) {
    const { model: named, models, method, now } = options;
    reportModelFindings(reporter.aboutFile, {
      named,
      model,
      models,
      method,
      format: pipeline.format,
      today: now(),
    });
  }
  if (batch.length > 0) yield await takeBatch();
  return collector.report({
    file: name,
    target: target.name,
    model: options.model,
    pricing: model,
    format: pipeline.format,
    formatReason: pipeline.formatReason,
    bytes,
    lines: pipeline.lines,
    examples: pipeline.examples,
    sha256: hash.digest('hex'),
    tokens: counter === undefined ? undefined : tokens.statistics(counter.encoding),
    durationMs: Math.round(performance.now() - started),
  });
}

/** Web streams of older engines cannot be iterated. */
async function* iterate(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (Symbol.asyncIterator in source) {
    yield* source as AsyncIterable<Uint8Array>;
    return;
  }
  const reader = (source as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
