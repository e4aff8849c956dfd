import { randomBytes } from 'node:crypto';
import { AuthenticationError, PermissionDeniedError, RedirectError } from './api-errors.js';
import { type AttemptHooks, type Call, type ClientContext, httpInfo, log, runAttempts, withCall } from './call.js';
import { type CreateFileOptions, type CreateFileSettings, normalizeCreateFileOptions } from './create-file-options.js';
import type { Dialect } from './dialects/dialect.js';
import { ConfigError, ConnectionError, IntegrityError, ProxyError, TlsError, UploaderError } from './errors.js';
import { createProgressReporter, guarded, type UploadEvent } from './events.js';
import { FileTooLargeError } from './file-errors.js';
import { buildEnvelope, type Envelope } from './multipart/envelope.js';
import { escapeName, fillFileName, safeFileName } from './multipart/file-name.js';
import { postFile, type Upload } from './post-file.js';
import { putToStore } from './put-to-store.js';
import { type Baseline, takeBaseline, type Wanted } from './retry/reconcile.js';
import type { Sibling, Siblings } from './retry/siblings.js';
import { lister, type Settled, settle } from './settle-upload.js';
import { type FileSource, openSource } from './source/file-source.js';
import type { Snapshot } from './source/snapshot.js';
import type { CreatedFile, FileObject, HttpInfo } from './types.js';

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
  const { dialect } = call.settings;
  const named = settings.filename === undefined ? snapshot.filename : fillFileName(settings.filename, snapshot);
  const filename = safeFileName(named);
  if (settings.expiresAfter !== undefined && !dialect.takesExpiry) {
    throw new ConfigError(`the dialect "${dialect.name}" knows no expiresAfter`, { hint: 'leave it out' });
  }
  const envelope = envelopeFor(filename, settings, dialect);
  checkSize(snapshot, envelope, settings.maxBytes);
  const emit = guarded<UploadEvent>(options.onEvent?.bind(options), (error) =>
    log(call, 'warn', 'createFile: onEvent threw', { error }),
  );
  const send = guarded(options.onProgress?.bind(options), (error) => {
    log(call, 'warn', 'createFile: onProgress threw', { error });
    emit({ type: 'warning', message: `onProgress threw: ${error instanceof Error ? error.message : typeof error}` });
  });
  const progress = createProgressReporter(snapshot.size, call.runtime.now, send);
  const upload: Upload = { call, snapshot, envelope, progress, emit };
  const hooks: AttemptHooks = {
    onStart: (attempt) => emit({ type: 'attempt-start', attempt }),
    onFailed: (attempt, error, willRetryInMs, handedOver) =>
      emit({ type: 'attempt-failed', attempt, error, willRetryInMs, handedOver }),
  };
  try {
    const settled =
      dialect.upload === 'storage'
        ? await putToStore(upload, storeFields(filename, settings), options, hooks)
        : await postOnce(upload, { siblings, filename, settings, options, hooks });
    progress.report('done', snapshot.size, call.attempts.length);
    await reportDrift(upload);
    reportState(upload, settled.file);
    return describe(settled, snapshot, call);
  } finally {
    progress.end();
  }
}

/** Sends the file in one request, and settles what is in doubt. */
async function postOnce(
  upload: Upload,
  given: {
    siblings: Siblings;
    filename: string;
    settings: CreateFileSettings;
    options: CreateFileOptions;
    hooks: AttemptHooks;
  },
): Promise<Settled> {
  const { call, snapshot } = upload;
  const { siblings, filename, settings, options, hooks } = given;
  const wanted: Wanted = {
    purpose: settings.purpose,
    filenames: [filename, escapeName(filename)],
    bytes: snapshot.size,
  };
  const sibling = siblings.begin(`${wanted.purpose}\n${filename}\n${wanted.bytes}`);
  let ended: Parameters<Sibling['end']>[0] = 'no-file';
  try {
    const baseline = settings.preflight ? await preflight(upload, wanted, options) : null;
    const post = () => runAttempts(call, (attempt, trace) => postFile(upload, attempt, trace), hooks);
    const outcome = await post();
    if (outcome.kind === 'unknown') ended = 'unknown';
    const known = { wanted, baseline, siblings, sibling, onAmbiguous: settings.onAmbiguous, options };
    const settled =
      outcome.kind === 'created'
        ? { ...outcome, recovered: false, possibleDuplicates: [] }
        : await settle(upload, outcome, known, post);
    ended = { fileId: settled.file.id };
    const { id, filename: kept } = settled.file;
    if (kept !== '' && !wanted.filenames.includes(kept)) {
      siblings.noteRenamed();
      upload.emit({ type: 'warning', message: `the server keeps ${filename} as ${kept} (${id})` });
    }
    return settled;
  } catch (error) {
    if (error instanceof IntegrityError && error.fileId !== undefined) ended = { fileId: error.fileId };
    throw error;
  } finally {
    sibling.end(ended);
  }
}

function envelopeFor(filename: string, settings: CreateFileSettings, { fileContentType }: Dialect): Envelope {
  const { purpose, expiresAfter, contentType } = settings;
  const fields: Array<readonly [string, string]> = [['purpose', purpose]];
  if (expiresAfter !== undefined) {
    fields.push(
      ['expires_after[anchor]', expiresAfter.anchor],
      ['expires_after[seconds]', String(expiresAfter.seconds)],
    );
  }
  // 144 random bits: the chance that they occur in the data is not worth a search.
  const boundary = `tunegate-${randomBytes(18).toString('hex')}`;
  return buildEnvelope({ boundary, fields, filename, fileContentType: contentType ?? fileContentType });
}

/** Source: `files.py` and `files.ts` of Together's clients. */
function storeFields(filename: string, { purpose }: CreateFileSettings): Record<string, string> {
  const fileType = /\.(jsonl|parquet|csv)$/i.exec(filename)?.[1]?.toLowerCase() ?? 'jsonl';
  return { purpose, file_name: filename, file_type: fileType };
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
  let reason = 'the listing has no end in sight';
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

/** The bytes were right; somebody may still want to know that the file is being written to. */
async function reportDrift({ snapshot, emit }: Upload): Promise<void> {
  const { path } = snapshot;
  if (path !== null && (await snapshot.hasDrifted().catch(() => false))) emit({ type: 'source-changed', path });
}

/** Created it is; whether it is any good is for `waitForProcessing` to say. */
function reportState({ emit }: Upload, { id, status }: FileObject): void {
  if (status === 'error' || status === 'failed') {
    emit({ type: 'warning', message: `the server took ${id} and says that it is in the state "${status}"` });
  }
}

function describe(
  { file, recovered, possibleDuplicates, status, headers }: Settled,
  { sha256, size }: Snapshot,
  call: Call,
): HttpInfo<CreatedFile> {
  return httpInfo(
    { ...file, upload: { sha256, bytes: size, recovered, possibleDuplicates } },
    { status, headers },
    call.attempts,
  );
}
