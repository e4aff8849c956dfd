import type { ByteRange } from '../multipart/body.js';
import type { Baseline } from '../retry/reconcile.js';
import { isUsableId } from './uploads-api.js';

/** Which upload a journal belongs to: another file, server, account, purpose or name has another journal. */
export interface JournalSubject {
  /** Lower-case hexadecimal, of the file. */
  readonly sha256: string;
  readonly size: number;
  /** A hash of everything else that tells one upload from another. */
  readonly identity: string;
  readonly ranges: readonly ByteRange[];
}

/** An upload on its way: what must be known to go on with it. */
export interface Session {
  readonly uploadId: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly expiresAt: number;
  /** By part; `undefined` for those that the server does not have. */
  readonly partIds: (string | undefined)[];
  /** `complete` was asked for, so that the file may exist. */
  isCompleting: boolean;
  /** The files of the kind that were there before the upload began; `null` when that is not known. */
  readonly baseline: Baseline | null;
}

const VERSION = 1;

/** A session as the text of a journal. It never holds a key. */
export function formatJournal({ sha256, size, identity, ranges }: JournalSubject, session: Session): string {
  const { uploadId, expiresAt, partIds, isCompleting, baseline } = session;
  const journal = {
    version: VERSION,
    sha256,
    size,
    identity,
    uploadId,
    expiresAt: new Date(expiresAt).toISOString(),
    isCompleting,
    baseline: baseline === null ? null : { ids: [...baseline.ids], newest: baseline.newest },
    parts: ranges.map((range, index) => ({ index, ...range, partId: partIds[index] ?? null })),
  };
  return `${JSON.stringify(journal, null, 1)}\n`;
}

/**
 * Reads a journal.
 *
 * @returns the session, or why it is of no use: to be read after "the journal …"
 */
export function parseJournal(text: string, subject: JournalSubject): Session | string {
  let journal: unknown;
  try {
    journal = JSON.parse(text);
  } catch {
    return 'is damaged';
  }
  if (!isObject(journal)) return 'is damaged';
  if (journal.version !== VERSION) return 'was written by another version';
  if (journal.sha256 !== subject.sha256 || journal.size !== subject.size) return 'belongs to another file';
  if (journal.identity !== subject.identity) return 'belongs to another server, key, project, purpose or name';
  const { uploadId, isCompleting } = journal;
  const expiresAt = typeof journal.expiresAt === 'string' ? Date.parse(journal.expiresAt) : Number.NaN;
  const baseline = baselineFrom(journal.baseline);
  if (!isUsableId(uploadId) || Number.isNaN(expiresAt) || typeof isCompleting !== 'boolean') return 'is damaged';
  if (baseline === undefined || !Array.isArray(journal.parts)) return 'is damaged';
  if (journal.parts.length !== subject.ranges.length) return 'was written for parts of another size';
  const partIds: (string | undefined)[] = [];
  for (const [index, range] of subject.ranges.entries()) {
    const part: unknown = journal.parts[index];
    if (!isObject(part) || part.index !== index) return 'is damaged';
    if (part.offset !== range.offset || part.length !== range.length) return 'was written for parts of another size';
    if (part.sha256 !== range.sha256) return 'is damaged';
    if (part.partId !== null && !isUsableId(part.partId)) return 'is damaged';
    partIds.push(part.partId ?? undefined);
  }
  return { uploadId, expiresAt, partIds, isCompleting, baseline };
}

/** `undefined` when it is none. */
function baselineFrom(value: unknown): Baseline | null | undefined {
  if (value === null) return null;
  if (!isObject(value) || !Array.isArray(value.ids)) return undefined;
  const { newest } = value;
  if (newest !== null && typeof newest !== 'number') return undefined;
  if (!value.ids.every((id) => typeof id === 'string')) return undefined;
  return { ids: new Set(value.ids), newest };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
