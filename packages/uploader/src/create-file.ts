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
import { buildEnvelope, type Envelope, newBoundary } from './multipart/envelope.js';
import { escapeName, safeFileName } from './multipart/file-name.js';
import { DEFAULTS } from './options.js';
import { createPartDigester, type PartDigester, type PartDigests } from './parts/digests.js';
import { goesInParts, MAX_BYTES_IN_PARTS } from './parts/plan.js';
import { PartsUnavailable, uploadInParts } from './parts/upload-in-parts.js';
import { type PostOutcome, postFile, type Upload } from './post-file.js';
import {
  type Baseline,
  type ListPage,
  type Reconciliation,
  reconcile,
  takeBaseline,
  type Wanted,
} from './retry/reconcile.js';
import type { Sibling, Siblings } from './retry/siblings.js';
import { type FileSource, openSource } from './source/file-source.js';
import type { Snapshot, Survey } from './source/snapshot.js';
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
    let digester: PartDigester | undefined;
    // Refused before it is read, and read only once.
    const survey: Survey = (pinned) => {
      const envelope = envelopeFor(nameOf(pinned, settings), settings);
      const { dialect } = call.settings;
      if (goesInParts(settings.parts, dialect, settings.purpose, pinned.size)) {
        checkSizeInParts(pinned, settings);
        digester = createPartDigester(pinned.size, settings.parts.partSize);
      } else checkSize(pinned, envelope, settings, dialect.uploads !== null);
      return digester?.update;
    };
    const { snapshot, isOwn } = await openSource(file, settings.expect, call.signal, survey);
    try {
      return await uploadSnapshot(call, siblings, snapshot, settings, options, digester?.end());
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
  digests: PartDigests | undefined,
): Promise<HttpInfo<CreatedFile>> {
  const filename = nameOf(snapshot, settings);
  const envelope = envelopeFor(filename, settings);
  const warn = (error: unknown) => log(call, 'warn', 'createFile: a callback threw', { error });
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
    const settleWith = (outcome: Unknown, known: Baseline | null) => {
      ended = 'unknown';
      return settle(upload, outcome, { wanted, baseline: known, siblings, sibling, options });
    };
    const sendInParts = (parts: PartDigests) =>
      uploadInParts<Settled>({
        upload,
        filename,
        settings,
        options,
        digests: parts,
        mimeType: settings.isContentTypeGiven
          ? settings.contentType
          : (call.settings.dialect.uploads?.mimeType ?? settings.contentType),
        baseline,
        settle: settleWith,
        look: (known) => lookFor(upload, wanted, known, siblings, options),
      });
    const inParts = digests === undefined ? undefined : await sendInParts(digests);
    let created: Settled | undefined;
    if (inParts instanceof PartsUnavailable) fallBack(upload, settings, inParts);
    else if (inParts !== undefined) created = { recovered: false, ...inParts };
    const mode = created === undefined ? 'single' : 'parts';
    if (created === undefined) {
      const outcome = await runAttempts(call, (attempt, trace) => postFile(upload, attempt, trace), {
        onStart: (attempt) => emit({ type: 'attempt-start', attempt }),
        onFailed: (attempt, error, willRetryInMs, handedOver) =>
          emit({ type: 'attempt-failed', attempt, error, willRetryInMs, handedOver }),
      });
      created = outcome.kind === 'created' ? { ...outcome, recovered: false } : await settleWith(outcome, baseline);
    }
    ended = { fileId: created.file.id };
    progress.report('done', snapshot.size, call.attempts.length);
    await reportDrift(upload);
    return describe(created, snapshot, mode, call);
  } catch (error) {
    if (error instanceof IntegrityError && error.fileId !== undefined) ended = { fileId: error.fileId };
    throw error;
  } finally {
    sibling.end(ended);
  }
}

function nameOf({ filename }: { filename: string }, settings: CreateFileSettings): string {
  return safeFileName(settings.filename ?? filename);
}

/** The server takes no parts. What was to go in parts alone fails; what fits into one request goes in one. */
function fallBack(
  { snapshot, envelope, emit }: Upload,
  settings: CreateFileSettings,
  { error }: PartsUnavailable,
): void {
  if (settings.parts.mode === 'always') throw error;
  checkSize(snapshot, envelope, settings, false);
  const message = `the server takes no files in parts (${error.status} to POST /uploads): one request instead`;
  emit({ type: 'warning', message });
}

function envelopeFor(filename: string, { purpose, expiresAfter, contentType }: CreateFileSettings): Envelope {
  const fields: Array<readonly [string, string]> = [['purpose', purpose]];
  if (expiresAfter !== undefined) {
    fields.push(
      ['expires_after[anchor]', expiresAfter.anchor],
      ['expires_after[seconds]', String(expiresAfter.seconds)],
    );
  }
  return buildEnvelope({ boundary: newBoundary(), fields, filename, fileContentType: contentType });
}

type Measured = Pick<Snapshot, 'path' | 'filename' | 'size'>;

function checkSize(
  { path, filename, size }: Measured,
  { head, tail }: Envelope,
  { maxBytes = DEFAULTS.maxBytes }: CreateFileSettings,
  hasParts: boolean,
): void {
  const bytes = head.length + size + tail.length;
  if (bytes <= maxBytes) return;
  const whole = `${path ?? filename} has ${size} bytes, ${bytes} with what surrounds it in the request`;
  throw new FileTooLargeError(`${whole}: more than the limit of ${maxBytes}`, path, {
    bytes,
    maxBytes,
    hint: hasParts
      ? "send it in parts (parts: 'always'), or split the dataset"
      : 'split the dataset, or raise maxBytes if this server takes more',
  });
}

function checkSizeInParts(
  { path, filename, size }: Measured,
  { maxBytes = MAX_BYTES_IN_PARTS }: CreateFileSettings,
): void {
  if (size <= maxBytes) return;
  throw new FileTooLargeError(`${path ?? filename} has ${size} bytes: more than the limit of ${maxBytes}`, path, {
    bytes: size,
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

type Unknown = Extract<PostOutcome, { kind: 'unknown' }>;

interface Settled {
  readonly file: FileObject;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly recovered: boolean;
}

/** The body was sent and no usable answer came: finds the file, or says that it may exist. Sends nothing again. */
async function settle(
  upload: Upload,
  { error, seenId }: Unknown,
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
    const { found, candidates, reason } = await lookFor(upload, wanted, baseline, siblings, options);
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

function lookFor(
  { call }: Upload,
  wanted: Wanted,
  baseline: Baseline,
  { isClaimed }: Siblings,
  options: CreateFileOptions,
): Promise<Reconciliation> {
  return reconcile({
    // The looks are repeated anyway: one try each.
    list: lister(call, options, 0),
    wanted,
    baseline,
    isClaimed,
    wait: (ms) => call.runtime.sleep(ms, call.signal),
  });
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
  mode: CreatedFile['upload']['mode'],
  call: Call,
): HttpInfo<CreatedFile> {
  return httpInfo({ ...file, upload: { sha256, bytes: size, mode, recovered } }, response, call.attempts);
}
