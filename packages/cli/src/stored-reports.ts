import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { Diagnostic, Report, Shard } from '@tunegate/validator';
import { CommandError, usageError } from './command-error.js';
import { EXIT } from './exit-code.js';
import type { FormatRequest } from './format-request.js';

type Validator = typeof import('@tunegate/validator');

/** A report that stands in a file. Its diagnostics stay there: many reports are merged at once. */
export interface StoredReport {
  readonly path: string;
  /** Which of those in the file. */
  readonly index: number;
  readonly report: Report;
}

/** Read at once: fingerprints are read from front to back. */
const READ_BYTES = 1024 * 1024;

/**
 * The reports of files in what `--format json` wrote, each with fingerprints that can be opened.
 *
 * @throws CommandError for what is no report, or of another version, and for fingerprints that are not there
 */
export async function readReports(paths: readonly string[], validator: Validator): Promise<StoredReport[]> {
  const stored: StoredReport[] = [];
  for (const path of paths) {
    const reports = await parsed(path, validator);
    if (reports.length === 0) throw usageError(`the report ${path} is of no dataset`);
    for (const [index, report] of reports.entries()) {
      stored.push({ path, index, report: { ...withFoundFingerprints(report, path), diagnostics: [] } });
    }
  }
  return stored;
}

/** Reads the diagnostics of a report again. */
export async function diagnosticsIn(
  { path, index }: Omit<StoredReport, 'report'>,
  validator: Validator,
): Promise<readonly Diagnostic[]> {
  return (await parsed(path, validator))[index]?.diagnostics ?? [];
}

async function parsed(path: string, validator: Validator): Promise<Report[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw usageError(`the report ${path} does not exist`);
    const isTooLong = code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE';
    throw usageError(
      `the report ${path} cannot be read: ${isTooLong ? 'it is too large' : (code ?? message)}`,
      isTooLong ? 'check with --max-errors 1000: counts stay exact' : undefined,
    );
  }
  try {
    return validator.parseReports(text, path);
  } catch (error) {
    if (!(error instanceof validator.ReportMergeError)) throw error;
    throw usageError(error.message, 'merge takes what `tunegate check --format json` writes');
  }
}

/** Fingerprints are looked for from where the report is, beside it, and from where we are. */
function withFoundFingerprints(report: Report, path: string): Report {
  const find = (name: string, file: string): string => {
    const folder = dirname(path);
    const places = isAbsolute(name)
      ? [name, join(folder, basename(name))]
      : [join(folder, name), join(folder, basename(name)), name];
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) return found;
    throw usageError(
      `the fingerprints of ${file}, ${places[0]}, do not exist`,
      `${path} names them: put them beside it, or check the shard again with --fingerprints`,
    );
  };
  const found = <Named extends { readonly file: string; readonly fingerprints?: string }>(named: Named): Named =>
    named.fingerprints === undefined ? named : { ...named, fingerprints: find(named.fingerprints, named.file) };
  return report.shards === undefined ? found(report) : { ...report, shards: report.shards.map(found) };
}

/** Opens fingerprints that {@link readReports} found. */
export async function* fingerprintsOf({ fingerprints = '' }: Shard): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(fingerprints, { highWaterMark: READ_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(EXIT.usage, `the fingerprints ${fingerprints} cannot be read: ${code ?? message}`, {
      cause: error,
    });
  }
}

/** The report with fingerprints as they are called from where it is written to. */
export function relativeTo(report: Report, requests: readonly FormatRequest[]): Report {
  const file = requests.find((request) => request.name === 'json' && request.file !== undefined)?.file;
  if (file === undefined || report.shards === undefined) return report;
  const shards = report.shards.map((shard) =>
    shard.fingerprints === undefined || isAbsolute(shard.fingerprints)
      ? shard
      : { ...shard, fingerprints: relative(dirname(file), shard.fingerprints) },
  );
  return { ...report, shards };
}
