import { randomBytes } from 'node:crypto';
import { AuthenticationError, PermissionDeniedError, RedirectError } from './api-errors.js';
import { type Call, type ClientContext, httpInfo, log, runAttempts, withCall, withinCall } from './call.js';
import { type CreateFileOptions, type CreateFileSettings, normalizeCreateFileOptions } from './create-file-options.js';
import {
  AbortedError,
  AmbiguousUploadError,
  ConfigError,
  ConnectionError,
  IntegrityError,
  ProxyError,
  TlsError,
  UploaderError,
} from './errors.js';
import { createProgressReporter, guarded, type UploadEvent } from './events.js';
import { FileTooLargeError } from './file-errors.js';
import { listFiles, retrieveFile } from './json-calls.js';
import { buildEnvelope, type Envelope } from './multipart/envelope.js';
import { escapeName, safeFileName } from './multipart/file-name.js';
import { type PostOutcome, postFile, type Upload } from './post-file.js';
import { type Baseline, type ListPage, reconcile, takeBaseline, type Wanted } from './retry/reconcile.js';
import type { Sibling, Siblings } from './retry/siblings.js';
import { type FileSource, openSource } from './source/file-source.js';
import type { Snapshot } from './source/snapshot.js';
import type { CreatedFile, FileObject, HttpInfo, ResponseHeaders } from './types.js';

/** Uploads one file: check, pin, look, send, and settle what is in doubt. */
export function createFile(
  context: ClientContext,
  siblings: Siblings,
  file: FileSource,
  purpose: string,
  options: CreateFileOptions,
): Promise<HttpInfo<CreatedFile>> {
  return withCall(context, 'createFile', 'upload', options, async (call) => {
    const settings = normalizeCreateFileOptions(purpose, options);
    const { snapshot, isOwn } = await openSource(file, settings.expect, call.signal);
    try {
      return await uploadSnapshot(call, siblings, snapshot, settings, options);
    } finally {
      if (isOwn) await snapshot.close();
    }
  });
}

async function uploadSnapshot(
  call: Call,
  siblings: Siblings,
  snapshot: Snapshot,
  settings: CreateFileSettings,
  options: CreateFileOptions,
): Promise<HttpInfo<CreatedFile>> {
  const filename = safeFileName(settings.filename ?? snapshot.filename);
  const envelope = envelopeFor(filename, settings);
  checkSize(snapshot, envelope, settings.maxBytes);
  const warn = (error: unknown) =>
    log(call, 'warn', 'createFile: a callback threw', { reason: call.settings.scrub(String(error)) });
  const emit = guarded<UploadEvent>(options.onEvent?.bind(options), warn);
  const send = guarded(options.onProgress?.bind(options), warn);
  const progress = createProgressReporter(snapshot.size, call.runtime.now, send);
  const upload: Upload = { call, snapshot, envelope, progress, emit };
  const wanted: Wanted = {
    purpose: settings.purpose,
    filenames: [filename, escapeName(filename)],
    bytes: snapshot.size,
  };

  const sibling = siblings.begin(`${wanted.purpose}\n${filename}\n${wanted.bytes}`);
  let ended: Parameters<Sibling['end']>[0] = 'no-file';
  try {
    const baseline = settings.preflight ? await preflight(upload, wanted, options) : null;
    const outcome = await runAttempts(call, (attempt, trace) => postFile(upload, attempt, trace), {
      onStart: (attempt) => emit({ type: 'attempt-start', attempt }),
      onFailed: (attempt, error, willRetryInMs, handedOver) =>
        emit({ type: 'attempt-failed', attempt, error, willRetryInMs, handedOver }),
    });
    if (outcome.kind === 'unknown') ended = 'unknown';
    const created =
      outcome.kind === 'created'
        ? { ...outcome, recovered: false }
        : await settle(upload, outcome, { wanted, baseline, siblings, sibling, options });
    ended = { fileId: created.file.id };
    progress.report('done', snapshot.size, call.attempts.length);
    await reportDrift(upload);
    return describe(created, snapshot, call);
  } catch (error) {
    if (error instanceof IntegrityError && error.fileId !== undefined) ended = { fileId: error.fileId };
    throw error;
  } finally {
    sibling.end(ended);
  }
}

function envelopeFor(filename: string, { purpose, expiresAfter, contentType }: CreateFileSettings): Envelope {
  const fields: Array<readonly [string, string]> = [['purpose', purpose]];
  if (expiresAfter !== undefined) {
    fields.push(
      ['expires_after[anchor]', expiresAfter.anchor],
      ['expires_after[seconds]', String(expiresAfter.seconds)],
    );
  }
  // 144 random bits: the chance that they occur in the data is not worth a search.
  const boundary = `tunegate-${randomBytes(18).toString('hex')}`;
  return buildEnvelope({ boundary, fields, filename, fileContentType: contentType });
}

function checkSize({ path, filename, size }: Snapshot, { head, tail }: Envelope, maxBytes: number): void {
  const bytes = head.length + size + tail.length;
  if (bytes <= maxBytes) return;
  const whole = `${path ?? filename} has ${size} bytes, ${bytes} with what surrounds it in the request`;
  throw new FileTooLargeError(`${whole}: more than the limit of ${maxBytes}`, path, {
    bytes,
    maxBytes,
    hint: 'split the dataset, or raise maxBytes if this server takes more',
  });
}

/** Lists what is there before anything is sent. Fails only where the upload would fail too. */
async function preflight(upload: Upload, wanted: Wanted, options: CreateFileOptions): Promise<Baseline | null> {
  const { call, emit } = upload;
  let reason = 'the listing is neither complete nor sorted';
  try {
    const baseline = await takeBaseline(lister(call, options), wanted);
    if (baseline !== null) {
      emit({ type: 'preflight', isBaselineKnown: true });
      return baseline;
    }
  } catch (error) {
    if (!(error instanceof UploaderError) || isDecisive(error)) throw error;
    reason = error.message;
  }
  emit({ type: 'preflight', isBaselineKnown: false, reason });
  return null;
}

/** What stops a listing and would stop the upload as well, only later. */
function isDecisive(error: UploaderError): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof TlsError ||
    error instanceof ProxyError ||
    error instanceof AuthenticationError ||
    error instanceof PermissionDeniedError ||
    error instanceof RedirectError ||
    error instanceof ConfigError ||
    error.code === 'E_ABORTED' ||
    error.code === 'E_TIMEOUT_CONNECT' ||
    error.code === 'E_TIMEOUT_DEADLINE'
  );
}

function lister(call: Call, options: CreateFileOptions, retries?: number): ListPage {
  return async (query) => (await listFiles(withinCall(call, 'listFiles', options, retries), query)).data;
}

interface Settled {
  readonly file: FileObject;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly recovered: boolean;
}

/** The body was sent and no usable answer came: finds the file, or says that it may exist. Sends nothing again. */
async function settle(
  upload: Upload,
  { error, seenId }: Extract<PostOutcome, { kind: 'unknown' }>,
  known: {
    wanted: Wanted;
    baseline: Baseline | null;
    siblings: Siblings;
    sibling: Sibling;
    options: CreateFileOptions;
  },
): Promise<Settled> {
  const { call, snapshot, emit, progress } = upload;
  const { wanted, baseline, siblings, sibling, options } = known;
  const doubt = (reason: string, candidates: readonly string[]) => ambiguous(upload, wanted, error, reason, candidates);
  const seen = seenId === undefined ? [] : [seenId];
  if (call.signal.aborted) throw interrupted(call, doubt('the call had to end', seen), seenId);
  emit({ type: 'ambiguous', error });
  progress.report('reconcile', snapshot.size, call.attempts.length);
  if (baseline === null) throw doubt('what was there before is not known', seen);
  try {
    const { found, candidates, reason } = await reconcile({
      // The looks are repeated anyway: one try each.
      list: lister(call, options, 0),
      wanted,
      baseline,
      isClaimed: siblings.isClaimed,
      wait: (ms) => call.runtime.sleep(ms, call.signal),
    });
    if (found === undefined) throw doubt(reason, candidates.length === 0 ? seen : candidates);
    if (sibling.hasUnsettledTwin()) throw doubt('another upload of the same file runs beside it', candidates);
    const { data, status, headers } = await retrieveFile(withinCall(call, 'retrieveFile', options), found.id);
    if (data.bytes !== null && data.bytes !== snapshot.size)
      throw doubt('the file that fits has another size', candidates);
    emit({ type: 'reconciled', fileId: data.id });
    return { file: data, status, headers, recovered: true };
  } catch (caught) {
    if (caught instanceof AmbiguousUploadError || !(caught instanceof UploaderError)) throw caught;
    if (call.signal.aborted) throw interrupted(call, doubt('the call had to end', seen), seenId);
    throw doubt(caught.message, seen);
  }
}

function ambiguous(
  { call, snapshot }: Upload,
  wanted: Wanted,
  error: UploaderError,
  reason: string,
  candidates: readonly string[],
): AmbiguousUploadError {
  const [filename = ''] = wanted.filenames;
  const message = `the file was sent whole and no usable answer came (${error.message}); it may be on the server, and was not sent again: ${reason}`;
  const { sha256, size } = snapshot;
  const startedAt = new Date(call.startedAt).toISOString();
  const doubt = new AmbiguousUploadError(
    message,
    { purpose: wanted.purpose, filename, bytes: size, sha256, startedAt, candidates },
    { cause: error, hint: `list the files with purpose ${wanted.purpose} and look for ${filename} with ${size} bytes` },
  );
  doubt.attempts = [...call.attempts];
  return doubt;
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

/** The bytes were right; somebody may still want to know that the file is being written to. */
async function reportDrift({ snapshot, emit }: Upload): Promise<void> {
  const { path } = snapshot;
  if (path !== null && (await snapshot.hasDrifted().catch(() => false))) emit({ type: 'source-changed', path });
}

function describe(
  { file, recovered, ...response }: Settled,
  { sha256, size }: Snapshot,
  call: Call,
): HttpInfo<CreatedFile> {
  return httpInfo({ ...file, upload: { sha256, bytes: size, recovered } }, response, call.attempts);
}
