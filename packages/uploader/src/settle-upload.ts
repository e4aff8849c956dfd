import { type Call, withinCall } from './call.js';
import type { CreateFileOptions, CreateFileSettings } from './create-file-options.js';
import { AbortedError, AmbiguousUploadError, IntegrityError, UploaderError } from './errors.js';
import { listFiles, retrieveFile } from './json-calls.js';
import { iteratePages } from './paging.js';
import type { PostOutcome, Upload } from './post-file.js';
import { delayBeforeResend } from './retry/policy.js';
import { type Baseline, findTwins, type ListPages, looksLike, reconcile, type Wanted } from './retry/reconcile.js';
import type { Sibling, Siblings } from './retry/siblings.js';
import type { FileObject, ResponseHeaders } from './types.js';

/** How an upload ended well. */
export interface Settled {
  readonly file: FileObject;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly recovered: boolean;
  readonly possibleDuplicates: readonly string[];
}

/** Where nothing was lost, there is nothing to settle. */
export function settledAtOnce(created: Extract<PostOutcome, { kind: 'created' }>): Settled {
  return { ...created, recovered: false, possibleDuplicates: [] };
}

/** What is known when an answer is lost. */
export interface Known {
  readonly wanted: Wanted;
  /** `null`: not known. */
  readonly baseline: Baseline | null;
  readonly siblings: Siblings;
  readonly sibling: Sibling;
  readonly onAmbiguous: CreateFileSettings['onAmbiguous'];
  readonly options: CreateFileOptions;
}

type Unknown = Extract<PostOutcome, { kind: 'unknown' }>;

/** Files on a page of the listing: recent uploads are what is looked for, and one page is mostly enough. */
const PAGE_SIZE = 100;

export function lister(call: Call, options: CreateFileOptions, retries?: number): ListPages {
  const list: Parameters<typeof iteratePages>[0] = async (query) =>
    (await listFiles(withinCall(call, 'listFiles', options, retries), query)).data;
  return (purpose) => iteratePages(list, { purpose, limit: PAGE_SIZE, order: 'desc' }, call.settings.dialect.paging);
}

/**
 * The whole body was sent and no usable answer came: finds the file, or sends it once more where that is safe to do, or
 * says that it may exist.
 *
 * @param resend sends the file again, with the usual retries of what certainly made no file
 * @throws {AmbiguousUploadError}
 */
export async function settle(
  upload: Upload,
  lost: Unknown,
  known: Known,
  resend: () => Promise<PostOutcome>,
): Promise<Settled> {
  const { call, emit } = upload;
  const lostAt = call.runtime.elapsed();
  const seen = lost.seenId === undefined ? [] : [lost.seenId];
  const doubt = doubtOf(upload, known.wanted, lost.error, 1);
  return orInterrupted(call, lost, doubt, async () => {
    emit({ type: 'ambiguous', error: lost.error });
    if (known.onAmbiguous === 'throw') throw doubt('onAmbiguous is "throw"', seen);
    const named = await lookAtNamed(upload, known, lost.seenId);
    if (named !== null) return named;
    let reason = 'nothing was looked for, as onAmbiguous is "retry"';
    if (known.onAmbiguous === 'reconcile') {
      const found = await lookFor(upload, known, doubt, seen);
      if (found !== null) return found;
      reason = 'the listing does not show it';
    }
    if (lost.seenId !== undefined) throw doubt('the broken answer named a file', seen);
    await waitBeforeResend(call, lost.error, lostAt, (why) => doubt(`${reason}, and ${why}`, []));
    // Parts are put together once at most, however often that is asked for.
    if (call.name !== 'completeUpload') emit({ type: 'duplicate-risk', reason });
    return settleSecond(upload, known, resend);
  });
}

/** Sends the file a second time. Whatever goes wrong now, the first sending is still in doubt. */
async function settleSecond(upload: Upload, known: Known, resend: () => Promise<PostOutcome>): Promise<Settled> {
  const { call, emit } = upload;
  let outcome: PostOutcome;
  try {
    outcome = await resend();
  } catch (error) {
    // An answer that names a file, even a wrong one, says more than the doubt.
    if (!(error instanceof UploaderError) || error instanceof IntegrityError || call.signal.aborted) throw error;
    throw doubtOf(upload, known.wanted, error, 2)('the second sending failed', []);
  }
  if (outcome.kind === 'created') return withTwins(upload, known, { ...outcome, recovered: false });
  const again = outcome;
  const seen = again.seenId === undefined ? [] : [again.seenId];
  const doubt = doubtOf(upload, known.wanted, again.error, 2);
  return orInterrupted(call, again, doubt, async () => {
    emit({ type: 'ambiguous', error: again.error });
    if (known.onAmbiguous !== 'reconcile') throw doubt('nothing was looked for, as onAmbiguous is "retry"', seen);
    const found = await lookFor(upload, known, doubt, seen);
    if (found === null) throw doubt('the listing does not show it', seen);
    return withTwins(upload, known, found);
  });
}

type MakeDoubt = (reason: string, candidates: readonly string[]) => AmbiguousUploadError;

/**
 * The file that a broken answer named, if it is the one that was sent: its name and size say so, and it was not there
 * before. Anything less is left to the listing.
 */
async function lookAtNamed(
  { call, emit }: Upload,
  { wanted, baseline, siblings, options }: Known,
  seenId: string | undefined,
): Promise<Settled | null> {
  if (seenId === undefined || baseline === null || baseline.ids.has(seenId) || siblings.isClaimed(seenId)) return null;
  try {
    const { data, status, headers } = await retrieveFile(withinCall(call, 'retrieveFile', options), seenId);
    if (data.id !== seenId || data.bytes === null || !looksLike(data, wanted)) return null;
    emit({ type: 'reconciled', fileId: seenId });
    return { file: data, status, headers, recovered: true, possibleDuplicates: [] };
  } catch (error) {
    if (!(error instanceof UploaderError) || call.signal.aborted) throw error;
    return null;
  }
}

/** The file in the listing; `null` when it is not there and would be shown. */
async function lookFor(
  upload: Upload,
  { wanted, baseline, siblings, sibling, options }: Known,
  doubt: MakeDoubt,
  seen: readonly string[],
): Promise<(Omit<Settled, 'possibleDuplicates'> & { possibleDuplicates: [] }) | null> {
  const { call, snapshot, emit, progress } = upload;
  progress.report('reconcile', snapshot.size, call.attempts.length);
  if (baseline === null) throw doubt('what was there before is not known', seen);
  const { listing } = call.settings.dialect;
  const result = await reconcile({
    // The looks are repeated anyway: one try each.
    list: lister(call, options, 0),
    wanted,
    baseline,
    listing: siblings.hasRenamed ? { keepsNames: false, isComplete: false } : listing,
    isClaimed: siblings.isClaimed,
    wait: (ms) => call.runtime.sleep(ms, call.signal),
    maxRetryAfter: call.retry.maxRetryAfter,
  });
  if (result.kind === 'undecided')
    throw doubt(result.reason, result.candidates.length === 0 ? seen : result.candidates);
  if (result.kind === 'none' && siblings.hasRenamed) throw doubt('this server keeps files under other names', seen);
  if (result.kind === 'none') return null;
  const candidates = [result.file.id];
  if (sibling.hasUnsettledTwin()) throw doubt('another upload of the same file runs beside it', candidates);
  const { data, status, headers } = await retrieveFile(withinCall(call, 'retrieveFile', options), result.file.id);
  if (data.id !== result.file.id) throw doubt('the server describes another file than was asked for', candidates);
  if (data.bytes !== null && data.bytes !== snapshot.size) {
    throw doubt('the file that fits has another size', candidates);
  }
  emit({ type: 'reconciled', fileId: data.id });
  return { file: data, status, headers, recovered: true, possibleDuplicates: [] };
}

/** @param refuse makes the error for when the file may not be sent again */
async function waitBeforeResend(
  call: Call,
  error: UploaderError,
  lostAt: number,
  refuse: (why: string) => AmbiguousUploadError,
): Promise<void> {
  const { runtime, retry, signal, beganAt } = call;
  const elapsedMs = runtime.elapsed() - beganAt;
  const remainingMs = (call.timeouts.deadline ?? Number.POSITIVE_INFINITY) - elapsedMs;
  const failure = { error, retriesDone: call.attempts.length - 1, elapsedMs, remainingMs };
  const delay = delayBeforeResend(failure, retry, runtime.random(), runtime.elapsed() - lostAt);
  if (delay === null) throw refuse('no further try is allowed');
  if (delay > 0) await runtime.sleep(delay, signal);
}

/** Looks for a late twin: what became of the first sending may be listed only now. */
async function withTwins(
  { call, emit }: Upload,
  { wanted, baseline, siblings, options }: Known,
  settled: Omit<Settled, 'possibleDuplicates'>,
): Promise<Settled> {
  const look = { list: lister(call, options, 0), wanted, isClaimed: siblings.isClaimed };
  let twins: readonly string[] | null = null;
  try {
    if (baseline !== null) twins = await findTwins({ ...look, baseline }, settled.file.id);
  } catch (error) {
    // The file is there and its id known: an abort during this last look must not lose it.
    if (!(error instanceof UploaderError)) throw error;
  }
  if (twins === null)
    emit({ type: 'warning', message: 'whether the first sending made a file, too, could not be seen' });
  else if (twins.length > 0) emit({ type: 'duplicate-found', fileIds: [settled.file.id, ...twins] });
  return { ...settled, possibleDuplicates: twins ?? [] };
}

function doubtOf({ call, snapshot }: Upload, wanted: Wanted, error: UploaderError, sendings: 1 | 2): MakeDoubt {
  const { purpose, filenames } = wanted;
  const [filename = ''] = filenames;
  const { sha256, size } = snapshot;
  return (reason, candidates) => {
    const how = sendings === 1 ? 'the file was sent whole' : 'the file was sent twice';
    const what =
      sendings === 1 ? 'it may be on the server, and was not sent again' : 'it may be on the server, even twice';
    const look = `list the files with purpose ${purpose} and look for ${filename} with ${size} bytes`;
    const doubt = new AmbiguousUploadError(
      `${how} and no usable answer came (${error.message}); ${what}: ${reason}`,
      { purpose, filename, bytes: size, sha256, startedAt: new Date(call.startedAt).toISOString(), candidates },
      {
        cause: error,
        hint: candidates.length === 0 ? look : `${look}: ${candidates.join(', ')} may be it; download it and compare`,
      },
    );
    doubt.attempts = [...call.attempts];
    return doubt;
  };
}

/** Runs what settles a doubt. An end from outside, or a failure on the way, must not hide that there is a doubt. */
async function orInterrupted(
  call: Call,
  { seenId }: Unknown,
  doubt: MakeDoubt,
  run: () => Promise<Settled>,
): Promise<Settled> {
  const seen = seenId === undefined ? [] : [seenId];
  try {
    if (call.signal.aborted) throw call.signal.reason;
    return await run();
  } catch (caught) {
    if (caught instanceof AmbiguousUploadError || !(caught instanceof UploaderError)) throw caught;
    if (call.signal.aborted) throw interrupted(call, doubt('the call had to end', seen), seenId);
    if (caught instanceof IntegrityError) throw caught;
    throw doubt(caught.message, seen);
  }
}

/** After the caller's abort: that, with what is known of the file. After a deadline: the doubt itself. */
function interrupted(call: Call, doubt: AmbiguousUploadError, fileId: string | undefined): UploaderError {
  const { reason } = call.signal;
  if (!(reason instanceof AbortedError)) return doubt;
  const aborted = new AbortedError(`${reason.message}; the file was sent whole and may be on the server`, {
    cause: reason.cause,
    fileMayExist: true,
    hint: doubt.hint,
    ...(fileId === undefined ? {} : { fileId }),
  });
  aborted.attempts = doubt.attempts;
  return aborted;
}
