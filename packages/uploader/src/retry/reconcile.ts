import { ApiError } from '../api-errors.js';
import type { ListingTraits } from '../dialects/dialect.js';
import { ProtocolError, UploaderError } from '../errors.js';
import type { FileList, FileObject } from '../types.js';

/** What identifies an upload in a listing. */
export interface Wanted {
  readonly purpose: string;
  /** The name as it was sent, and in every other form in which a server may keep it. */
  readonly filenames: readonly string[];
  readonly bytes: number;
}

/** The pages of the listing of a purpose, newest first where the server can do that. */
export type ListPages = (purpose: string) => AsyncIterable<FileList>;

/** The files of the purpose that were on the server before anything was sent. */
export interface Baseline {
  readonly ids: ReadonlySet<string>;
  /** `created_at` of the newest of them; `null` when there was none. */
  readonly newest: number | null;
}

/** Whatever a server says about its size, no listing is followed further. */
const MAX_PAGES = 100;

/** By how many seconds the clocks of a provider's machines may differ: a new file may look older than an old one. */
const CLOCK_TOLERANCE_S = 300;

/**
 * Lists what is there before the upload.
 *
 * Of a listing that is sorted as asked, newest first, it is enough to read on until files are older than any clock could
 * make a new one look: what comes after is told from a new file by its age. Only the server's times are compared with
 * each other; the clock of this machine plays no part.
 *
 * @returns `null` when the listing has no end in sight
 * @throws {UploaderError} when it cannot be had, or leads nowhere
 */
export async function takeBaseline(list: ListPages, { purpose }: Pick<Wanted, 'purpose'>): Promise<Baseline | null> {
  const files = await listBackTo(list(purpose), (newest) => newest);
  if (files === null) return null;
  return { ids: new Set(files.map(({ id }) => id)), newest: newestOf(files) };
}

/** Lists what was not there before; `null` when the listing has no end in sight. */
async function findNewcomers(
  list: ListPages,
  { purpose }: Wanted,
  { newest, ids }: Baseline,
): Promise<FileObject[] | null> {
  const files = await listBackTo(list(purpose), () => newest);
  if (files === null) return null;
  const isNew = ({ created_at }: FileObject) =>
    created_at === 0 || newest === null || created_at >= newest - CLOCK_TOLERANCE_S;
  return files.filter((file) => !ids.has(file.id) && isNew(file) && hasPurpose(file, purpose));
}

function hasPurpose(file: FileObject, purpose: string): boolean {
  return file.purpose === purpose || file.purpose === '';
}

function hasSize({ bytes }: FileObject, wanted: Wanted): boolean {
  return bytes === wanted.bytes || bytes === null;
}

/** The name and the size are those of the upload, as far as the server tells them. */
export function looksLike(file: FileObject, wanted: Wanted): boolean {
  return wanted.filenames.includes(file.filename) && hasSize(file, wanted);
}

/** Pages through a listing until it ends, or until it is sorted and safely older than a reference time. */
async function listBackTo(
  pages: AsyncIterable<FileList>,
  reference: (newestSeen: number) => number | null,
): Promise<FileObject[] | null> {
  const files: FileObject[] = [];
  let count = 0;
  for await (const { data, has_more } of pages) {
    files.push(...data);
    if (!has_more) return files;
    const oldest = files.at(-1)?.created_at ?? 0;
    const since = reference(newestOf(files) ?? 0);
    if (since !== null && isNewestFirst(files) && oldest < since - CLOCK_TOLERANCE_S) return files;
    if (++count === MAX_PAGES) return null;
  }
  return files;
}

function newestOf(files: readonly FileObject[]): number | null {
  return files.length === 0 ? null : files.reduce((newest, { created_at }) => Math.max(newest, created_at), 0);
}

/** Files without a time say nothing about the order. */
function isNewestFirst(files: readonly FileObject[]): boolean {
  return files.every(({ created_at }, at) => created_at > 0 && created_at <= (files[at - 1]?.created_at ?? Infinity));
}

/** When to look, in milliseconds after the answer was lost: a listing may lag behind. */
const LOOK_AT_MS = [0, 2000, 5000, 10_000];

/** What the listing says of an upload whose answer was lost. */
export type Reconciliation =
  /** This one file can only be ours. */
  | { readonly kind: 'found'; readonly file: FileObject }
  /** It is not there, and this listing would show it. */
  | { readonly kind: 'none' }
  /** Nobody can tell; `candidates` are all that may be ours. */
  | { readonly kind: 'undecided'; readonly candidates: readonly string[]; readonly reason: string };

export interface ReconcileOptions {
  readonly list: ListPages;
  readonly wanted: Wanted;
  readonly baseline: Baseline;
  /** What this provider's listing is worth. */
  readonly listing: ListingTraits;
  /** Files that other uploads of this client made. */
  readonly isClaimed: (id: string) => boolean;
  /** Waits; rejects when the call is aborted. */
  readonly wait: (ms: number) => Promise<void>;
  /** A listing that asks for a longer pause is not asked again. In milliseconds. */
  readonly maxRetryAfter: number;
}

/**
 * Looks for the file whose answer was lost, four times in ten seconds. It is found when exactly one newcomer fits and
 * its size is known; it is not there when the last look shows nothing that could be it, on a listing that can be believed.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  let last: Reconciliation = { kind: 'none' };
  let passed = 0;
  let asked = 0;
  for (const lookAt of LOOK_AT_MS) {
    if (asked > options.maxRetryAfter) return last;
    const pause = Math.max(lookAt - passed, asked);
    if (pause > 0) await options.wait(pause);
    passed += Math.max(0, pause);
    const newcomers = await tryToList(options);
    asked = newcomers instanceof ApiError ? (newcomers.retryAfterMs ?? 0) : 0;
    if (newcomers instanceof UploaderError) {
      last = { kind: 'undecided', candidates: [], reason: 'the listing cannot be had or trusted' };
      continue;
    }
    last = judge(newcomers, options);
    // Only absence is worth another look: what is there stays there.
    if (last.kind === 'found' || (last.kind === 'undecided' && last.candidates.length > 0)) return last;
  }
  return last;
}

function judge(newcomers: readonly FileObject[], options: ReconcileOptions): Reconciliation {
  const { wanted, baseline, listing, isClaimed } = options;
  const unclaimed = newcomers.filter(({ id }) => !isClaimed(id));
  const candidates = unclaimed.filter((file) => looksLike(file, wanted));
  const undecided = (files: readonly FileObject[], reason: string): Reconciliation => ({
    kind: 'undecided',
    candidates: files.map(({ id }) => id),
    reason,
  });
  const [first] = candidates;
  if (candidates.length > 1) return undecided(candidates, 'several files fit');
  if (first !== undefined && first.bytes === null) {
    return undecided(candidates, 'one file fits, but its size is not told');
  }
  if (first !== undefined) return { kind: 'found', file: first };
  const strangers = listing.keepsNames ? unclaimed.filter((file) => hasSize(file, wanted)) : unclaimed;
  if (strangers.length > 0) return undecided(strangers, 'a new file is there under another name, and may be this one');
  if (!listing.isComplete && baseline.ids.size === 0) {
    return undecided([], 'the listing shows no such file, but then it has never shown one');
  }
  return { kind: 'none' };
}

type Look = Pick<ReconcileOptions, 'list' | 'wanted' | 'baseline'>;

/** What is new in the listing, or why it cannot be had. */
async function tryToList({ list, wanted, baseline }: Look): Promise<FileObject[] | UploaderError> {
  try {
    return (await findNewcomers(list, wanted, baseline)) ?? new ProtocolError('the listing has no end in sight');
  } catch (error) {
    if (!(error instanceof UploaderError) || error.code === 'E_ABORTED' || error.code === 'E_TIMEOUT_DEADLINE')
      throw error;
    return error;
  }
}

/**
 * After a second sending: the other new files that fit, which may be what became of the first.
 *
 * @returns `null` when the listing cannot be had
 */
export async function findTwins(
  look: Look & Pick<ReconcileOptions, 'isClaimed'>,
  ownId: string,
): Promise<readonly string[] | null> {
  const newcomers = await tryToList(look);
  if (newcomers instanceof UploaderError) return null;
  const { wanted, isClaimed } = look;
  return newcomers.filter((it) => it.id !== ownId && !isClaimed(it.id) && looksLike(it, wanted)).map(({ id }) => id);
}
