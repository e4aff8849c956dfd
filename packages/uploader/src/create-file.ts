import { AuthenticationError, PermissionDeniedError, RedirectError } from './api-errors.js';
import { type AttemptHooks, type Call, type ClientContext, httpInfo, log, runAttempts, withCall } from './call.js';
import { ConnectionError, ProxyError, TlsError } from './connection-errors.js';
import { type CreateFileOptions, type CreateFileSettings, normalizeCreateFileOptions } from './create-file-options.js';
import type { Dialect } from './dialects/dialect.js';
import { ConfigError, IntegrityError, UploaderError } from './errors.js';
import { createProgressReporter, guarded, type UploadEvent } from './events.js';
import { FileTooLargeError } from './file-errors.js';
import { buildEnvelope, type Envelope, newBoundary } from './multipart/envelope.js';
import { escapeName, fillFileName, safeFileName } from './multipart/file-name.js';
import { DEFAULTS } from './options.js';
import { createPartDigester, type PartDigester, type PartDigests } from './parts/digests.js';
import { goesInParts, MAX_BYTES_IN_PARTS } from './parts/plan.js';
import { PartsUnavailable, type Settle, uploadInParts } from './parts/upload-in-parts.js';
import { postFile, type Upload } from './post-file.js';
import { putToStore } from './put-to-store.js';
import { type Baseline, takeBaseline, type Wanted } from './retry/reconcile.js';
import type { Sibling, Siblings } from './retry/siblings.js';
import { lister, type Settled, settle, settledAtOnce } from './settle-upload.js';
import { type FileSource, openSource } from './source/file-source.js';
import type { Snapshot, Survey } from './source/snapshot.js';
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
    const { dialect } = call.settings;
    if (settings.expiresAfter !== undefined && !dialect.takesExpiry) {
      throw new ConfigError(`the dialect "${dialect.name}" knows no expiresAfter`, { hint: 'leave it out' });
    }
    let digester: PartDigester | undefined;
    // What cannot be sent is refused before it is read; and it is read once, for all that has to be known of it.
    const survey: Survey = (pinned) => {
      const inParts = goesInParts(settings.parts, dialect, settings.purpose, pinned.size);
      checkSize(pinned, envelopeFor(nameOf({ ...pinned, sha256: '0'.repeat(64) }, settings), settings, dialect), {
        inParts,
        maxBytes: settings.maxBytes,
        hasParts: dialect.parts !== null,
      });
      if (inParts) digester = createPartDigester(pinned.size, settings.parts.partSize);
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
  const { dialect } = call.settings;
  const filename = nameOf(snapshot, settings);
  const envelope = envelopeFor(filename, settings, dialect);
  const emit = guarded<UploadEvent>(options.onEvent?.bind(options), (error) =>
    log(call, 'warn', 'createFile: onEvent threw', { reason: call.settings.scrub(String(error)) }),
  );
  const send = guarded(options.onProgress?.bind(options), (error) => {
    log(call, 'warn', 'createFile: onProgress threw', { reason: call.settings.scrub(String(error)) });
    emit({ type: 'warning', message: `onProgress threw: ${error instanceof Error ? error.message : typeof error}` });
  });
  const progress = createProgressReporter(snapshot.size, call.runtime.elapsed, send);
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
        : await sendAndSettle(upload, { siblings, filename, settings, options, hooks, digests });
    progress.report('done', snapshot.size, call.attempts.length);
    await reportDrift(upload);
    reportState(upload, settled.file);
    return describe({ mode: 'single', ...settled }, snapshot, call);
  } finally {
    progress.end();
  }
}

function nameOf(source: { filename: string; sha256: string }, { filename }: CreateFileSettings): string {
  return safeFileName(filename === undefined ? source.filename : fillFileName(filename, source));
}

/** Sends the file, in parts or in one request, and settles what is in doubt. */
async function sendAndSettle(
  upload: Upload,
  given: {
    siblings: Siblings;
    filename: string;
    settings: CreateFileSettings;
    options: CreateFileOptions;
    hooks: AttemptHooks;
    digests: PartDigests | undefined;
  },
): Promise<Settled & { mode: CreatedFile['upload']['mode'] }> {
  const { call, snapshot } = upload;
  const { siblings, filename, settings, options, hooks, digests } = given;
  const wanted: Wanted = {
    purpose: settings.purpose,
    filenames: [filename, escapeName(filename)],
    bytes: snapshot.size,
  };
  const sibling = siblings.begin(`${wanted.purpose}\n${filename}\n${wanted.bytes}`);
  let ended: Parameters<Sibling['end']>[0] = 'no-file';
  try {
    const baseline = settings.preflight ? await preflight(upload, wanted, options) : null;
    const { onAmbiguous } = settings;
    const settleWith: Settle = (what, outcome, known, resend) => {
      ended = 'unknown';
      return settle(what, outcome, { wanted, baseline: known, siblings, sibling, onAmbiguous, options }, resend);
    };
    const job = { upload, filename, settings, options, baseline, settle: settleWith };
    const inParts = digests === undefined ? undefined : await uploadInParts({ ...job, digests });
    if (inParts instanceof PartsUnavailable) fallBack(upload, settings, inParts);
    let settled: Settled;
    if (inParts === undefined || inParts instanceof PartsUnavailable) {
      const post = () => runAttempts(call, (attempt, trace) => postFile(upload, attempt, trace), hooks);
      const outcome = await post();
      settled = outcome.kind === 'created' ? settledAtOnce(outcome) : await settleWith(upload, outcome, baseline, post);
    } else settled = inParts;
    ended = { fileId: settled.file.id };
    const { id, filename: kept } = settled.file;
    if (kept !== '' && !wanted.filenames.includes(kept)) {
      siblings.noteRenamed();
      upload.emit({ type: 'warning', message: `the server keeps ${filename} as ${kept} (${id})` });
    }
    return { ...settled, mode: settled === inParts ? 'parts' : 'single' };
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
  const boundary = newBoundary();
  return buildEnvelope({ boundary, fields, filename, fileContentType: contentType ?? fileContentType });
}

/** Source: `files.py` and `files.ts` of Together's clients. */
function storeFields(filename: string, { purpose }: CreateFileSettings): Record<string, string> {
  const fileType = /\.(jsonl|parquet|csv)$/i.exec(filename)?.[1]?.toLowerCase() ?? 'jsonl';
  return { purpose, file_name: filename, file_type: fileType };
}

/** The server takes no parts. What was to go in parts alone fails; what fits into one request goes in one. */
function fallBack(
  { snapshot, envelope, emit }: Upload,
  { parts, maxBytes }: CreateFileSettings,
  { error }: PartsUnavailable,
): void {
  if (parts.mode === 'always') throw error;
  checkSize(snapshot, envelope, { inParts: false, maxBytes, hasParts: false });
  const message = `the server takes no files in parts (${error.status} to POST /uploads): one request instead`;
  emit({ type: 'warning', message });
}

function checkSize(
  { path, filename, size }: Pick<Snapshot, 'path' | 'filename' | 'size'>,
  { head, tail }: Envelope,
  way: { inParts: boolean; maxBytes: number | undefined; hasParts: boolean },
): void {
  const maxBytes = way.maxBytes ?? (way.inParts ? MAX_BYTES_IN_PARTS : DEFAULTS.maxBytes);
  const bytes = way.inParts ? size : head.length + size + tail.length;
  if (bytes <= maxBytes) return;
  const inAll = way.inParts ? '' : `, ${bytes} with what surrounds it in the request`;
  throw new FileTooLargeError(
    `${path ?? filename} has ${size} bytes${inAll}: more than the limit of ${maxBytes}`,
    path,
    {
      bytes,
      maxBytes,
      hint:
        way.hasParts && !way.inParts
          ? "send it in parts (parts: 'always'), or split the dataset"
          : 'split the dataset, or raise maxBytes if this server takes more',
    },
  );
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
  { file, recovered, possibleDuplicates, status, headers, mode }: Settled & Pick<CreatedFile['upload'], 'mode'>,
  { sha256, size }: Snapshot,
  call: Call,
): HttpInfo<CreatedFile> {
  return httpInfo(
    { ...file, upload: { sha256, bytes: size, mode, recovered, possibleDuplicates } },
    { status, headers },
    call.attempts,
  );
}
