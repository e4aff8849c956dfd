import type { Diagnostic } from '../diagnostic.js';
import { ReportMergeError } from '../errors.js';
import type { Report } from '../report.js';
import { SCHEMA_VERSION } from '../schema-version.js';
import type { MergeState } from './merge-state.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The reports in what the `json` formatter wrote, each with its diagnostics.
 *
 * @param name - What the text is called, for messages.
 * @throws {ReportMergeError} When it is no such text, of another version, or damaged.
 */
export function parseReports(text: string, name: string): Report[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ReportMergeError(name, `${name} is no report: it is not JSON`);
  }
  if (!isFields(value) || !Array.isArray(value.files) || !Array.isArray(value.diagnostics)) {
    throw new ReportMergeError(name, `${name} is no report: it lacks "files" and "diagnostics"`);
  }
  if (value.schemaVersion !== SCHEMA_VERSION) {
    const found = JSON.stringify(value.schemaVersion) ?? 'none';
    throw new ReportMergeError(
      name,
      `${name} has schemaVersion ${found}; this version of tunegate reads ${SCHEMA_VERSION}`,
    );
  }
  const reports = value.files.map((file) => reportOf(file, name));
  const byFile = new Map<unknown, Diagnostic[]>();
  for (const diagnostic of value.diagnostics) {
    if (!isFields(diagnostic)) throw damaged(name);
    const { file } = diagnostic;
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, [diagnostic as unknown as Diagnostic]);
    else known.push(diagnostic as unknown as Diagnostic);
  }
  return reports.map((report) => {
    const files = report.shards?.map(({ file }) => file) ?? [];
    const diagnostics = [report.file, ...new Set(files)].flatMap((file) => byFile.get(file) ?? []);
    return { ...report, diagnostics };
  });
}

const NUMBERS = ['bytes', 'lines', 'examples', 'errors', 'warnings', 'infos', 'durationMs'] as const;

function reportOf(value: unknown, name: string): Report {
  if (!isFields(value) || typeof value.file !== 'string' || NUMBERS.some((key) => !isCount(value[key]))) {
    throw damaged(name);
  }
  const { shards, fingerprints, merge } = value;
  if (merge !== undefined && !isMergeState(merge)) throw damaged(name);
  if (fingerprints !== undefined && typeof fingerprints !== 'string') throw damaged(name);
  if (shards !== undefined && !(Array.isArray(shards) && shards.every(isShard))) throw damaged(name);
  if (shards === undefined && typeof value.sha256 !== 'string') throw damaged(name);
  return { sha256: '', formatReason: '', ...value } as unknown as Report;
}

function isShard(value: unknown): boolean {
  if (!isFields(value) || typeof value.file !== 'string' || typeof value.sha256 !== 'string') return false;
  const { fingerprints } = value;
  return isCount(value.lines) && isCount(value.examples) && ['string', 'undefined'].includes(typeof fingerprints);
}

function isMergeState(value: unknown): value is MergeState {
  if (!isFields(value)) return false;
  const { settings, counts, parts, leadingBlanks, trailingBlanks, blankFindings, crlfLines } = value;
  return (
    isFields(settings) &&
    isCounts(counts) &&
    [leadingBlanks, trailingBlanks, blankFindings, crlfLines].every(isCount) &&
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.every(isPart)
  );
}

function isPart(value: unknown): boolean {
  if (!isFields(value) || !isFields(value.choice) || !isCounts(value.counts) || !isFields(value.states)) return false;
  const { strays, tokens, checked, unknown } = value;
  return (
    typeof value.kind === 'string' &&
    Object.values(value.states).every(isFields) &&
    [checked, unknown].every((tally) => tally === undefined || isTally(tally)) &&
    Array.isArray(strays) &&
    strays.every((stray) => Array.isArray(stray) && isTally(stray[1])) &&
    (tokens === undefined || isTokens(tokens))
  );
}

function isTokens(value: unknown): boolean {
  if (!isFields(value) || !isCount(value.trained) || !Array.isArray(value.byCount)) return false;
  return value.byCount.every((pair) => Array.isArray(pair) && isCount(pair[0]) && isCount(pair[1]));
}

function isTally(value: unknown): boolean {
  return isFields(value) && isCount(value.count) && isFields(value.first);
}

function isCounts(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  return value.every((each) => isFields(each) && typeof each.rule === 'string' && isCount(each.count));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(name: string): ReportMergeError {
  return new ReportMergeError(name, `the report ${name} is damaged`);
}
