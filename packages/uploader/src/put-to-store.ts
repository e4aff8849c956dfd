import { type AttemptHooks, type AttemptTrace, type Call, runAttempts, withinCall } from './call.js';
import type { CreateFileOptions } from './create-file-options.js';
import { AbortedError, IntegrityError, ProtocolError, UploaderError } from './errors.js';
import { parseFileObject } from './file-object.js';
import { openExchange, type RequestBody } from './http/exchange.js';
import { requestIdOf } from './http/headers.js';
import { callJson, exchangeSettings, isSuccess, readApiError, requestHeaders, urlOf } from './json-call.js';
import { pathOf, retrieveFile } from './json-calls.js';
import { isLoopbackName } from './loopback.js';
import { multipartBody } from './multipart/body.js';
import { isUsableId } from './parts/uploads-api.js';
import type { Upload } from './post-file.js';
import type { Settled } from './settle-upload.js';
import type { FileObject, HttpInfo } from './types.js';

/** Where the bytes go, and what they will be called. */
interface Store {
  readonly url: URL;
  readonly fileId: string;
}

const REDIRECTS: ReadonlySet<number> = new Set([302, 303, 307, 308]);

/** The file as it is, without anything around it. */
const BARE = { contentType: 'application/octet-stream', head: new Uint8Array(0), tail: new Uint8Array(0) };

/**
 * Uploads by way of a store, as Together does: asks where the file goes, puts it there, reports that it is there.
 *
 * No step leaves a doubt about the bytes: the address is for one file, and to put it there twice changes nothing. What a
 * lost first answer may leave behind is an empty entry on the server.
 */
export async function putToStore(
  upload: Upload,
  fields: Readonly<Record<string, string>>,
  options: CreateFileOptions,
  hooks: AttemptHooks,
): Promise<Settled> {
  const { call, snapshot, emit } = upload;
  const asking = withinCall(call, 'createFile', options);
  const store = await runAttempts(asking, (_attempt, trace) => askForStore(asking, fields, trace));
  try {
    await runAttempts(call, (attempt, trace) => put(upload, store.url, attempt, trace), hooks);
    const { data: file, status, headers } = await reportDone(call, store, options);
    if (file.bytes !== null && file.bytes !== snapshot.size) {
      throw new IntegrityError(`the server holds ${file.bytes} bytes as ${file.id}, but ${snapshot.size} were sent`, {
        fileId: file.id,
        expected: snapshot.size,
        actual: file.bytes,
        hint: 'delete that file',
      });
    }
    return { file, status, headers, recovered: false, possibleDuplicates: [] };
  } catch (error) {
    if (call.signal.aborted && call.signal.reason instanceof AbortedError) throw abandoned(call, store.fileId);
    if (error instanceof UploaderError) {
      emit({ type: 'warning', message: `${store.fileId} was begun and is not complete: it can be deleted` });
    }
    throw error;
  }
}

async function askForStore(call: Call, fields: Readonly<Record<string, string>>, trace: AttemptTrace): Promise<Store> {
  const url = urlOf(call, 'files');
  const form = Buffer.from(new URLSearchParams(fields).toString());
  const exchange = await openExchange({
    method: 'POST',
    url,
    headers: { ...requestHeaders(call), 'content-type': 'application/x-www-form-urlencoded' },
    body: bodyOf(form),
    ...exchangeSettings(call),
  });
  try {
    const { status, headers } = exchange;
    trace.status = status;
    const fileId = headers['x-together-file-id'];
    if (!REDIRECTS.has(status) || fileId === undefined) {
      if (isSuccess(status)) {
        throw new ProtocolError(`the answer (${status}) names no store for the file`, {
          status,
          hint: 'is this the address of an API like that of Together? most take --target compatible, or dialect: "generic"',
        });
      }
      throw await readApiError(call, exchange, 'POST', url, form.length);
    }
    const target = storeAddress(headers.location, url);
    if (target === undefined) throw await readApiError(call, exchange, 'POST', url, form.length);
    if (!isUsableId(fileId)) throw new ProtocolError('the id that the server gives the file is none', { status });
    return { url: target, fileId };
  } finally {
    exchange.close();
  }
}

/** A store is spoken to by https:, or by http: within this machine; `undefined` for every other address. */
function storeAddress(location: string | undefined, from: URL): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const url = new URL(location, from);
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.protocol === 'https:') return url;
  const isLocal = isLoopbackName(url.hostname) && isLoopbackName(from.hostname);
  return url.protocol === 'http:' && isLocal ? url : undefined;
}

/** Puts the file where it belongs, without any of our headers: the store is somebody else. */
async function put(upload: Upload, url: URL, attempt: number, trace: AttemptTrace): Promise<void> {
  const { call, snapshot, progress } = upload;
  const body = multipartBody(snapshot, BARE);
  const sent = body.progress;
  trace.bytesSent = () => sent.bytesSent;
  trace.handedOver = () => sent.handedOver;
  progress.report('connect', 0, attempt);
  const exchange = await openExchange({
    method: 'PUT',
    url,
    headers: { accept: '*/*', 'user-agent': 'tunegate', 'content-type': BARE.contentType },
    body: {
      ...body,
      chunks: (onStep, isFlushed) =>
        body.chunks(() => {
          onStep();
          progress.report(sent.handedOver ? 'wait' : 'send', sent.bytesSent, attempt);
        }, isFlushed),
    },
    ...exchangeSettings(call),
  });
  try {
    const { status, headers } = exchange;
    trace.status = status;
    const requestId = requestIdOf(headers);
    upload.emit({ type: 'response', status, ...(requestId === undefined ? {} : { requestId }) });
    // The address may be signed: its query is a secret, and no error shows more than its path.
    if (!isSuccess(status)) throw await readApiError(call, exchange, 'PUT', url, snapshot.size);
    if (!exchange.handedOver) {
      throw new IntegrityError('the store reported success before it had the whole file', { expected: snapshot.size });
    }
  } finally {
    exchange.close();
  }
}

async function reportDone(call: Call, { fileId }: Store, options: CreateFileOptions): Promise<HttpInfo<FileObject>> {
  const { dialect } = call.settings;
  const done = await callJson(withinCall(call, 'preprocess', options), {
    method: 'POST',
    path: `${pathOf(fileId)}/preprocess`,
    parse: (text, status) => {
      const isObject = text.trim().startsWith('{') && /"id"\s*:/.test(text);
      return isObject ? parseFileObject(text, status, dialect) : undefined;
    },
  });
  const { data } = done;
  if (data !== undefined && data.id === fileId) return { ...done, data };
  const described = await retrieveFile(withinCall(call, 'retrieveFile', options), fileId);
  if (described.data.id === fileId) return described;
  throw new ProtocolError(`the server answered about another file than ${fileId}`, { status: described.status });
}

function abandoned(call: Call, fileId: string): AbortedError {
  const { message, cause } = call.signal.reason as AbortedError;
  const aborted = new AbortedError(`${message}; ${fileId} was begun and is not complete`, {
    cause,
    fileId,
    hint: 'it can be deleted',
  });
  aborted.attempts = [...call.attempts];
  return aborted;
}

function bodyOf(bytes: Uint8Array): RequestBody {
  const progress = { bytesSent: 0, handedOver: false };
  return {
    contentLength: bytes.length,
    progress,
    async *chunks(onStep) {
      progress.handedOver = true;
      onStep();
      yield bytes;
    },
  };
}
