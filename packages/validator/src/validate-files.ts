import { stat } from 'node:fs/promises';
import type { Diagnostic } from './diagnostic.js';
import { OptionsError } from './errors.js';
import type { FormatName } from './formats/index.js';
import { normalizeOptions, type Progress, type ValidateOptions } from './options.js';
import type { ByteSource } from './reader/byte-source.js';
import { createFingerprintStore } from './reader/fingerprint-store.js';
import { createOverflowFiles } from './reader/overflow-files.js';
import type { SecondLook } from './reader/second-look.js';
import type { Report } from './report.js';
import type { AnyRuleId } from './rules/index.js';
import { describeType } from './rules/quote.js';
import { mergeShards } from './shards/merge-reports.js';
import { classOf } from './shards/rule-class.js';
import { MAX_FINGERPRINTS, type PartCheck, validatePart } from './validate.js';

/** One of the files that are a dataset together. */
export interface DatasetPart extends Pick<ValidateOptions, 'fileName' | 'onFingerprints'> {
  /** A path, or bytes. */
  readonly source: string | ByteSource;
  /** What to call bytes without a `fileName`; it is not judged as the name of a file is. @default `<stream>` */
  readonly label?: string;
}

/**
 * Checks several files as one dataset, in the order given: what a check of these files in a row would find, where the cuts
 * between them are between examples. Duplicates and conflicting answers are looked for across all of them; counts,
 * tokens, epochs and cost are those of the whole.
 *
 * Each diagnostic names the file that it is in, with line, column and bytes of that file. What is true of a file by itself
 * (its name, its kind, its bytes and SHA-256) stays with it: see `shards` of the report.
 *
 * @param options - `fileName` is what the report calls the whole (`<merged>` by default); `onFingerprints` is not for the
 *   whole, but for each part.
 * @returns The report of the whole, as {@link mergeReports} makes it of the reports of the files.
 * @throws As `validateFile` does.
 */
export async function validateFiles(
  parts: readonly (string | DatasetPart)[],
  options: Omit<ValidateOptions, 'onFingerprints'> = {},
): Promise<Report> {
  const started = performance.now();
  if (!Array.isArray(parts)) throw new OptionsError('parts', `the files are a list, not ${describeType(parts)}`);
  const { fileName, collectFingerprints, trainingFingerprints, onDiagnostic, onProgress, signal, ...own } = options;
  const { maxDiagnostics, maxDiagnosticsPerRule, excerpts } = normalizeOptions(options);
  const store = createFingerprintStore();
  const overflow = createOverflowFiles(MAX_FINGERPRINTS);
  const looks: (SecondLook | undefined)[] = parts.map(() => undefined);

  const shown: Diagnostic[] = [];
  const made = new Map<AnyRuleId, number>();
  const wants = (rule: AnyRuleId) => (made.get(rule) ?? 0) < maxDiagnosticsPerRule;
  const show = (diagnostic: Diagnostic): void | Promise<void> => {
    if (!wants(diagnostic.rule)) return;
    made.set(diagnostic.rule, (made.get(diagnostic.rule) ?? 0) + 1);
    if (shown.length < maxDiagnostics) shown.push(diagnostic);
    return onDiagnostic?.(diagnostic);
  };

  try {
    const stored = parts.map(() => store.open());
    const progress = await joinedProgress(parts, onProgress);
    const reports: Report[] = [];
    let format: FormatName | undefined;
    for (const [index, given] of parts.entries()) {
      const part: DatasetPart = typeof given === 'string' ? { source: given } : given;
      const held: Diagnostic[] = [];
      const check: PartCheck = {
        label: part.label,
        keep(look) {
          looks[index] = look;
        },
        take(diagnostic, formatOfFile) {
          switch (standing(diagnostic.rule)) {
            case 'certain':
              return show(diagnostic);
            case 'of-format':
              // A file in which such a thing is found has examples of its format: the first such file gives the whole its own.
              if (formatOfFile !== undefined && formatOfFile !== 'unknown') format ??= formatOfFile;
              return format === formatOfFile ? show(diagnostic) : undefined;
            case 'by-neighbours':
              held.push(diagnostic);
              return undefined;
            case 'found-anew':
              return undefined;
          }
        },
      };
      const report = await validatePart(
        part.source,
        {
          ...own,
          ...(part.fileName !== undefined && { fileName: part.fileName }),
          ...(signal && { signal }),
          ...(progress && { onProgress: progress.update }),
          maxDiagnostics: 0,
          async onFingerprints(bytes) {
            await stored[index]!.write(bytes);
            await part.onFingerprints?.(bytes);
          },
        },
        check,
      );
      progress?.next(report);
      reports.push({ ...report, diagnostics: held });
      if (format === undefined && hasExamplesOfFormat(report) && report.format !== 'unknown') format = report.format;
    }
    const merged = await mergeShards(
      reports,
      {
        ...(fileName !== undefined && { name: fileName }),
        maxDiagnostics: 0,
        fingerprints: (_, index) => stored[index]!.read(),
        ...(collectFingerprints && { collectFingerprints }),
        ...(trainingFingerprints && { trainingFingerprints }),
        onDiagnostic: show,
        ...(signal && { signal }),
      },
      { overflow, excerpts, wants, lineAt: (index, line) => looks[index]?.lineAt(line) },
    );
    return {
      ...merged,
      diagnostics: shown,
      truncated: shown.length < merged.errors + merged.warnings + merged.infos,
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    for (const look of looks) look?.close();
    overflow.close();
    await store.close();
  }
}

/** Whether what a file shows holds for the whole can be said at once, or only when the others are known. */
function standing(rule: AnyRuleId): 'certain' | 'of-format' | 'by-neighbours' | 'found-anew' {
  switch (classOf(rule)) {
    case 'line':
      return 'certain';
    case 'example':
      return 'of-format';
    case 'model':
      return 'by-neighbours';
    case 'record':
      return 'found-anew';
    case 'whole':
      if (rule === 'line/blank') return 'certain';
      return rule === 'line/trailing-blank' ? 'by-neighbours' : 'found-anew';
  }
}

/** Not a guess of examples none of which could be read. */
function hasExamplesOfFormat({ format, merge }: Report): boolean {
  return merge?.parts.some(({ kind }) => kind === format) ?? false;
}

/** How far all files together have come. */
async function joinedProgress(
  parts: readonly (string | DatasetPart)[],
  onProgress: ((progress: Progress) => void) | undefined,
) {
  if (onProgress === undefined) return undefined;
  const sizes = await Promise.all(
    parts.map(async (part) => {
      const source = typeof part === 'string' ? part : part.source;
      if (typeof source !== 'string') return undefined;
      // Whoever opens the file says what is wrong with it.
      return stat(source).then(
        (it) => (it.isFile() ? it.size : undefined),
        () => undefined,
      );
    }),
  );
  const total = sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
  const before = { bytes: 0, examples: 0, errors: 0 };
  let isKnown = total !== undefined;
  return {
    update(state: Progress) {
      // Of a packed file nobody knows how much is inside.
      if (state.totalBytes === undefined) isKnown = false;
      onProgress({
        bytes: before.bytes + state.bytes,
        examples: before.examples + state.examples,
        errors: before.errors + state.errors,
        ...(isKnown && { totalBytes: total! }),
      });
    },
    next({ bytes, examples, errors }: Report) {
      before.bytes += bytes;
      before.examples += examples;
      before.errors += errors;
    },
  };
}
