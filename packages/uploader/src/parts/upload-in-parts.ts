import { ApiError, NotFoundError } from '../api-errors.js';
import { log, runAttempts, unlessAborted, withinCall } from '../call.js';
import type { CreateFileSettings } from '../create-file-options.js';
import { AmbiguousUploadError, IntegrityError, ProtocolError, UploaderError } from '../errors.js';
import { FileChangedError } from '../file-errors.js';
import type { CallOptions } from '../options.js';
import type { PostOutcome, Upload } from '../post-file.js';
import type { Baseline } from '../retry/reconcile.js';
import { type Settled, settledAtOnce } from '../settle-upload.js';
import type { PartDigests } from './digests.js';
import { identityOf, type Journal, openJournal } from './journal.js';
import type { Session } from './journal-file.js';
import { sendMissingParts } from './transfer.js';
import { cancelUpload, completeUpload, createUpload } from './uploads-api.js';

type Unknown = Extract<PostOutcome, { kind: 'unknown' }>;

/**
 * Finds out what became of a request whose answer was lost.
 *
 * @param resend sends it once more
 * @throws {AmbiguousUploadError}
 */
export type Settle = (
  upload: Upload,
  lost: Unknown,
  baseline: Baseline | null,
  resend: () => Promise<PostOutcome>,
) => Promise<Settled>;

/** Everything that an upload in parts needs to know and to be able to do. */
export interface PartsJob {
  readonly upload: Upload;
  /** As it is sent. */
  readonly filename: string;
  readonly settings: CreateFileSettings;
  readonly options: CallOptions;
  readonly digests: PartDigests;
  /** What was there before this call. */
  readonly baseline: Baseline | null;
  readonly settle: Settle;
}

/** A journal with less time left is not begun with: what was resumed would expire on the way. */
const MIN_LEFT_MS = 5 * 60_000;

/** How often an upload that the server has forgotten is begun anew. */
const MAX_RESTARTS = 2;

/** For giving an upload up. */
const CANCEL_BUDGET_MS = 5000;

/** The server has no Uploads API: nothing was sent. */
export class PartsUnavailable {
  readonly error: ApiError;

  constructor(error: ApiError) {
    this.error = error;
  }
}

/** Sends a file in parts and has the server make a file of them; goes on where an earlier call stopped. */
export async function uploadInParts(job: PartsJob): Promise<Settled | PartsUnavailable> {
  const { upload, filename, settings, digests } = job;
  const { call, snapshot, emit } = upload;
  // A key that a function gives is not known before.
  await unlessAborted(call.settings.refreshCredentials(), call.signal);
  const identity = identityOf({
    baseURL: call.settings.baseURL.href,
    credentials: call.settings.credentialHeaders(),
    purpose: settings.purpose,
    filename,
    mimeType: mimeTypeOf(job),
    expiresAfter: settings.expiresAfter?.seconds,
  });
  const subject = { sha256: snapshot.sha256, size: snapshot.size, identity, ranges: digests.ranges };
  const warn = (message: string) => emit({ type: 'warning', message });
  const journal = await openJournal(settings.parts.stateDir, subject, call.runtime.now, warn);
  try {
    return await run(job, journal, warn);
  } finally {
    await journal.close();
  }
}

function mimeTypeOf({ upload, settings }: PartsJob): string {
  const { parts, fileContentType } = upload.call.settings.dialect;
  return settings.contentType ?? parts?.mimeType ?? fileContentType;
}

async function run(
  job: PartsJob,
  journal: Journal,
  warn: (message: string) => void,
): Promise<Settled | PartsUnavailable> {
  const { call, emit } = job.upload;
  const { ranges } = job.digests;
  let session = await resumable(journal, call.runtime.now(), warn);
  for (let restarts = 0; ; restarts++) {
    const isResumed = session !== undefined;
    if (session === undefined) {
      const begun = await begin(job);
      if (begun instanceof PartsUnavailable) return begun;
      session = begun;
      await journal.save(session);
    } else {
      const partsDone = session.partIds.filter((id) => id !== undefined).length;
      emit({ type: 'resumed', partsDone, partsTotal: ranges.length });
    }
    try {
      return await sendAndComplete(job, session, journal, isResumed);
    } catch (error) {
      // While parts are sent, the server cannot have made a file: whatever it has forgotten may be sent again.
      if (!isGone(error) || session.isCompleting || restarts === MAX_RESTARTS || call.signal.aborted) {
        await leave(job, session, journal, error);
        throw error;
      }
      warn(`the server no longer knows the upload (${error.message}): it begins anew`);
      await journal.remove();
      session = undefined;
    }
  }
}

/** What an earlier call left, unless there is too little time to go on with it. */
async function resumable(journal: Journal, now: number, warn: (message: string) => void): Promise<Session | undefined> {
  const { found } = journal;
  // One that was being completed is asked for whatever its age: it may have become a file.
  if (found === undefined || found.isCompleting || found.expiresAt - now >= MIN_LEFT_MS) return found;
  warn('the upload that an earlier call began has expired, or is about to: it begins anew');
  await journal.remove();
  return undefined;
}

async function begin(job: PartsJob): Promise<Session | PartsUnavailable> {
  const { upload, filename, settings, options, baseline, digests } = job;
  const mimeType = mimeTypeOf(job);
  const { purpose, expiresAfter } = settings;
  const bytes = upload.snapshot.size;
  const call = withinCall(upload.call, 'createUpload', options);
  try {
    const { id, expiresAt } = await createUpload(call, { filename, purpose, bytes, mimeType, expiresAfter });
    const partIds = digests.ranges.map(() => undefined);
    upload.call.attempts.push(...call.attempts);
    return { uploadId: id, expiresAt, partIds, isCompleting: false, baseline };
  } catch (error) {
    if (error instanceof ApiError && [404, 405, 501].includes(error.status)) return new PartsUnavailable(error);
    throw error;
  }
}

async function sendAndComplete(
  job: PartsJob,
  session: Session,
  journal: Journal,
  isResumed: boolean,
): Promise<Settled> {
  const { upload, digests, settings } = job;
  const { ranges } = digests;
  const { concurrency } = settings.parts;
  const onAccepted = () => journal.save(session);
  const wasCompleting = session.isCompleting;
  await sendMissingParts({ upload, ranges, session, concurrency, onAccepted });
  // Written down before it is asked for: after a crash, the next call must know that the file may exist.
  session.isCompleting = true;
  await journal.save(session);
  // With tries of its own: those of the parts do not count against it.
  const completing: Upload = { ...upload, call: { ...upload.call, name: 'completeUpload', attempts: [] } };
  try {
    const outcome = await completeFirst(job, completing, session, journal, wasCompleting);
    const settled =
      outcome.kind === 'created' ? settledAtOnce(outcome) : await settleDoubt(job, completing, session, outcome);
    await journal.remove();
    return settled;
  } catch (error) {
    // Told once, it is the caller's to decide; the next call must not be led into the same doubt.
    if (isResumed && error instanceof AmbiguousUploadError) await journal.remove();
    throw error;
  } finally {
    upload.call.attempts.push(...completing.call.attempts);
  }
}

async function completeFirst(
  job: PartsJob,
  completing: Upload,
  session: Session,
  journal: Journal,
  wasCompleting: boolean,
): Promise<PostOutcome> {
  try {
    return await complete(job, completing, session);
  } catch (error) {
    if (wasCompleting && isGone(error)) return { kind: 'unknown', error, seenId: undefined };
    // Nothing came of it: it was not handed over, or not taken.
    session.isCompleting = wasCompleting;
    await journal.save(session);
    throw error;
  }
}

/** An upload is completed once at most, so that asking again makes no twin; what is there is looked for first all the same. */
function settleDoubt(job: PartsJob, completing: Upload, session: Session, lost: Unknown): Promise<Settled> {
  return job.settle(completing, lost, session.baseline, async () => {
    try {
      return await complete(job, completing, session);
    } catch (error) {
      // That the server no longer knows the upload may mean that it made the file of it.
      if (isGone(error)) return { kind: 'unknown', error, seenId: undefined };
      throw error;
    }
  });
}

function complete({ digests }: PartsJob, completing: Upload, session: Session): Promise<PostOutcome> {
  const { call, emit } = completing;
  const partIds = session.partIds.map((id) => {
    if (id === undefined) throw new ProtocolError('a part is missing');
    return id;
  });
  const content = { partIds, md5: digests.md5 };
  return runAttempts(call, (_attempt, trace) => completeUpload(completing, session.uploadId, content, trace), {
    onStart: (attempt) => emit({ type: 'attempt-start', attempt }),
    onFailed: (attempt, error, willRetryInMs, handedOver) =>
      emit({ type: 'attempt-failed', attempt, error, willRetryInMs, handedOver }),
  });
}

/** After a failure: keeps what a later call can go on with, gives up the rest. */
async function leave(
  { upload, settings, options }: PartsJob,
  session: Session,
  journal: Journal,
  error: unknown,
): Promise<void> {
  // The file may exist: there is nothing to give up, and the journal is what knows of the doubt.
  if (session.isCompleting && !(error instanceof ApiError || error instanceof IntegrityError)) return;
  if (error instanceof IntegrityError && error.fileId !== undefined) return await journal.remove();
  const { keepForResume, stateDir } = settings.parts;
  if (keepForResume && canGoOn(error) && (journal.isKept || stateDir === undefined)) {
    const partsDone = session.partIds.filter((id) => id !== undefined).length;
    if (journal.isKept) upload.emit({ type: 'kept-for-resume', partsDone, partsTotal: session.partIds.length });
    return;
  }
  await journal.remove();
  const limit = new AbortController();
  const onTime = () => limit.abort(new ProtocolError('no answer in time'));
  const dispose = upload.call.runtime.after(CANCEL_BUDGET_MS, onTime);
  const call = { ...withinCall(upload.call, 'cancelUpload', options), signal: limit.signal };
  try {
    await cancelUpload(call, session.uploadId);
  } catch (caught) {
    log(call, 'debug', 'cancelUpload failed: the upload will expire by itself', {
      reason: call.settings.scrub(String(caught)),
    });
  } finally {
    dispose();
  }
}

/** Whether the same call, made again, could get further. */
function canGoOn(error: unknown): boolean {
  if (!(error instanceof UploaderError) || error instanceof FileChangedError) return false;
  if (error.code === 'E_INTEGRITY' || error.code === 'E_CONFIG') return false;
  if (error instanceof ApiError) return error.retryable || [401, 403, 429].includes(error.status);
  return true;
}

/** The server does not know the upload any more: it has expired, or somebody cancelled it. */
function isGone(error: unknown): error is ApiError {
  if (error instanceof NotFoundError) return true;
  return (
    error instanceof ApiError && [400, 409, 410].includes(error.status) && /expired|cancell?ed/i.test(error.message)
  );
}
