import { UploaderError } from '../errors.js';
import type { FileList, FileObject } from '../types.js';

/** What identifies an upload in a listing. */
export interface Wanted {
  readonly purpose: string;
  /** The name as it was sent, and in every other form in which a server may keep it. */
  readonly filenames: readonly string[];
  readonly bytes: number;
}

export type ListPage = (query: { purpose: string; limit: number; order: 'desc'; after?: string }) => Promise<FileList>;

/** The files of the kind that were on the server before anything was sent. */
export interface Baseline {
  readonly ids: ReadonlySet<string>;
  /** `created_at` of the newest file of the purpose; `null` when there was none. */
  readonly newest: number | null;
}

/** Whatever a server says about its size, no listing is followed further. */
const MAX_PAGES = 100;
const PAGE_SIZE = 100;

/**
 * Lists what looks like `wanted`, before the upload.
 *
 * The first page is enough when it is sorted as asked, newest first: whatever is not on it is older than `newest`, and
 * is told from a new file by its age.
 *
 * @returns `null` when the listing cannot be trusted
 */
export async function takeBaseline(list: ListPage, wanted: Wanted): Promise<Baseline | null> {
  const files = await listBackTo(list, wanted.purpose, null);
  if (files === null) return null;
  const ids = new Set(files.filter((file) => looksLike(file, wanted)).map((file) => file.id));
  return { ids, newest: files.length === 0 ? null : Math.max(...files.map((file) => file.created_at)) };
}

/**
 * Lists what looks like `wanted` and was not there before.
 *
 * @returns `null` when the listing cannot be trusted
 */
async function findNewcomers(list: ListPage, wanted: Wanted, baseline: Baseline): Promise<FileObject[] | null> {
  const { newest, ids } = baseline;
  const files = await listBackTo(list, wanted.purpose, newest);
  if (files === null) return null;
  return files.filter((file) => looksLike(file, wanted) && !ids.has(file.id) && file.created_at >= (newest ?? 0));
}

function looksLike(file: FileObject, wanted: Wanted): boolean {
  return (
    wanted.filenames.includes(file.filename) &&
    (file.purpose === wanted.purpose || file.purpose === '') &&
    (file.bytes === wanted.bytes || file.bytes === null)
  );
}

/** Pages through a listing until it ends, or until it is sorted and older than `oldest` (`null`: one page is enough). */
async function listBackTo(list: ListPage, purpose: string, oldest: number | null): Promise<FileObject[] | null> {
  const files: FileObject[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { data, has_more, last_id } = await list({
      purpose,
      limit: PAGE_SIZE,
      order: 'desc',
      ...(after === undefined ? {} : { after }),
    });
    files.push(...data);
    if (!has_more) return files;
    const next = last_id ?? data.at(-1)?.id;
    // An empty page that promises more, or one that leads back to itself, would go on for ever.
    if (data.length === 0 || next === undefined || next === after) return null;
    if (isNewestFirst(files) && (oldest === null || (files.at(-1)?.created_at ?? 0) < oldest)) return files;
    after = next;
  }
  return null;
}

/** Files without a time say nothing about the order. */
function isNewestFirst(files: readonly FileObject[]): boolean {
  return files.every(({ created_at }, at) => created_at > 0 && created_at <= (files[at - 1]?.created_at ?? Infinity));
}

/** When to look, in milliseconds after the answer was lost: a listing may lag behind. */
const LOOK_AT_MS = [0, 2000, 5000, 10_000];

export interface Reconciliation {
  /** The one file that can only be ours. */
  readonly found?: FileObject;
  /** All that may be ours. */
  readonly candidates: readonly string[];
  /** Why nothing was decided. */
  readonly reason: string;
  /** The listing was complete to the last, and showed no file that fits. */
  readonly isAbsent?: boolean;
}

export interface ReconcileOptions {
  readonly list: ListPage;
  readonly wanted: Wanted;
  readonly baseline: Baseline;
  /** Files that other uploads of this client made. */
  readonly isClaimed: (id: string) => boolean;
  /** Waits; rejects when the call is aborted. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Looks for the file whose answer was lost. It is found when exactly one newcomer fits and its size is known. */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  let reason = 'the listing shows no such file';
  let isAbsent = false;
  let passed = 0;
  for (const lookAt of LOOK_AT_MS) {
    if (lookAt > passed) await options.wait(lookAt - passed);
    passed = lookAt;
    const newcomers = await tryToList(options);
    if (newcomers === null) {
      reason = 'the listing cannot be had or trusted';
      isAbsent = false;
      continue;
    }
    const candidates = newcomers.filter(({ id }) => !options.isClaimed(id));
    const ids = candidates.map(({ id }) => id);
    const [first] = candidates;
    if (first === undefined) {
      reason = 'the listing shows no such file';
      isAbsent = true;
    } else if (candidates.length > 1) return { candidates: ids, reason: 'several files fit' };
    else if (first.bytes === null) return { candidates: ids, reason: 'one file fits, but its size is not told' };
    else return { found: first, candidates: ids, reason: '' };
  }
  return { candidates: [], reason, isAbsent };
}

async function tryToList({ list, wanted, baseline }: ReconcileOptions): Promise<FileObject[] | null> {
  try {
    return await findNewcomers(list, wanted, baseline);
  } catch (error) {
    if (!(error instanceof UploaderError) || error.code === 'E_ABORTED' || error.code === 'E_TIMEOUT_DEADLINE')
      throw error;
    return null;
  }
}
