import type { ApiError } from './api-errors.js';
import type { AttemptTrace, Call } from './call.js';
import { IntegrityError, ProtocolError, UploaderError } from './errors.js';
import type { ProgressReporter, UploadEvent } from './events.js';
import { parseFileObject } from './file-object.js';
import { type Exchange, openExchange, type RequestBody } from './http/exchange.js';
import { requestIdOf } from './http/headers.js';
import { readText } from './http/read-body.js';
import {
  checkEncoding,
  exchangeSettings,
  isSuccess,
  MAX_JSON_BYTES,
  readApiError,
  requestHeaders,
  urlOf,
} from './json-call.js';
import { multipartBody } from './multipart/body.js';
import type { Envelope } from './multipart/envelope.js';
import type { Snapshot } from './source/snapshot.js';
import type { FileObject, ResponseHeaders } from './types.js';

/** What every attempt of one upload needs. */
export interface Upload {
  readonly call: Call;
  readonly snapshot: Snapshot;
  readonly envelope: Envelope;
  readonly progress: ProgressReporter;
  emit(event: UploadEvent): void;
}

/** How an attempt ended, where it did not simply fail. */
export type PostOutcome =
  | { readonly kind: 'created'; readonly file: FileObject; readonly status: number; readonly headers: ResponseHeaders }
  /** The whole body was sent, and nothing usable says what became of it. */
  | {
      readonly kind: 'unknown';
      readonly error: UploaderError;
      /** An id that a broken answer seemed to name. */
      readonly seenId: string | undefined;
    };

/** An answer that is half here is worth this wait after an abort; a caller does not notice it. */
const ABORT_GRACE_MS = 40;

/** One POST that makes a file, and how its answer is read. */
export interface FilePost {
  /** Under the base URL. */
  readonly path: string;
  readonly body: RequestBody;
  readonly contentType: string;
  /** The file in a whole answer. @throws {ProtocolError} */
  parse(text: string, status: number): FileObject;
  /** The id of the file in the beginning of an answer that may have been cut off. */
  idIn(text: string): string | undefined;
  /** A refusal that says nothing about what became of the file. */
  isDoubtful?(error: ApiError): boolean;
}

/** Sends the file once, in one request. */
export function postFile(upload: Upload, attempt: number, trace: AttemptTrace): Promise<PostOutcome> {
  const { call, snapshot, envelope, progress } = upload;
  const body = multipartBody(snapshot, envelope);
  const sent = body.progress;
  trace.bytesSent = () => sent.bytesSent;
  const reported: RequestBody = {
    ...body,
    chunks: (onStep, isFlushed) =>
      body.chunks(() => {
        onStep();
        progress.report(sent.handedOver ? 'wait' : 'send', sent.bytesSent, attempt);
      }, isFlushed),
  };
  progress.report('connect', 0, attempt);
  const { contentType } = envelope;
  const parse = (text: string, status: number) => parseFileObject(text, status, call.settings.dialect);
  return postForFile(upload, { path: 'files', body: reported, contentType, parse, idIn }, trace);
}

/**
 * Sends a request that makes a file, once.
 *
 * Rejects only when the server cannot have the file, or says that it has not taken it, or (`IntegrityError` with an id)
 * has taken something else. All the rest is an outcome, because it must not be tried again blindly.
 */
export async function postForFile(upload: Upload, post: FilePost, trace: AttemptTrace): Promise<PostOutcome> {
  const { call } = upload;
  const { body } = post;
  trace.handedOver = () => body.progress.handedOver;
  const url = urlOf(call, post.path);
  let exchange: Exchange;
  try {
    exchange = await openExchange({
      method: 'POST',
      url,
      headers: { ...requestHeaders(call), 'content-type': post.contentType },
      body,
      ...exchangeSettings(call),
      abortGrace: ABORT_GRACE_MS,
    });
  } catch (error) {
    if (!body.progress.handedOver || !(error instanceof UploaderError)) throw error;
    return unknown(trace, error);
  }
  try {
    const { status, headers } = exchange;
    trace.status = status;
    const requestId = requestIdOf(headers);
    upload.emit({ type: 'response', status, ...(requestId === undefined ? {} : { requestId }) });
    if (isSuccess(status)) return await judgeSuccess(upload, post, exchange, trace);
    return await judgeFailure(upload, post, exchange, trace, url);
  } finally {
    exchange.close();
  }
}

async function judgeSuccess(
  { call, snapshot }: Upload,
  post: FilePost,
  exchange: Exchange,
  trace: AttemptTrace,
): Promise<PostOutcome> {
  const { status, headers, handedOver } = exchange;
  const body = await readText(exchange, { bytes: MAX_JSON_BYTES, total: call.timeouts.body });
  const text = call.settings.scrubEcho(body.text);
  const seenId = post.idIn(text) ?? idInLocation(status, headers.location);
  if (!handedOver) {
    const premature = new IntegrityError('the server reported success before it had the whole file', {
      fileId: seenId,
      expected: snapshot.size,
      requestId: requestIdOf(headers),
      hint: `delete ${seenId ?? 'what it made of it'}: it cannot be the file that was to be sent`,
    });
    // Without the tail nothing on the server is the file: a listing must not talk it into a success.
    if (trace.handedOver?.() !== true) throw premature;
    return unknown(trace, premature, seenId);
  }
  let file: FileObject;
  try {
    checkEncoding(exchange);
    if (!body.isComplete) throw body.error ?? new ProtocolError(`the answer is longer than ${MAX_JSON_BYTES} bytes`);
    file = post.parse(text, status);
  } catch (error) {
    if (!(error instanceof UploaderError)) throw error;
    return unknown(trace, error, seenId);
  }
  if (file.bytes !== null && file.bytes !== snapshot.size) {
    throw new IntegrityError(`the server holds ${file.bytes} bytes as ${file.id}, but ${snapshot.size} were sent`, {
      fileId: file.id,
      expected: snapshot.size,
      actual: file.bytes,
      requestId: requestIdOf(headers),
      hint: 'delete that file, unless this server is known to rewrite what it is given',
    });
  }
  return { kind: 'created', file, status, headers };
}

async function judgeFailure(
  { call }: Upload,
  post: FilePost,
  exchange: Exchange,
  trace: AttemptTrace,
  url: URL,
): Promise<PostOutcome> {
  // Asked after the answer was read: the body goes on while an early answer arrives, and may be whole by its end.
  const mayHaveWorked = () => post.body.progress.handedOver && exchange.status >= 500;
  let error: ApiError;
  try {
    error = await readApiError(call, exchange, 'POST', url, post.body.contentLength);
  } catch (aborted) {
    if (mayHaveWorked() && aborted instanceof UploaderError) return unknown(trace, aborted);
    throw aborted;
  }
  // 503 with Retry-After is the server's own word that it did nothing; other 5xx may come from a proxy that gave up.
  const isRefusal = error.status === 503 && error.retryAfterMs !== undefined;
  if ((mayHaveWorked() && !isRefusal) || post.isDoubtful?.(error) === true) return unknown(trace, error);
  throw error;
}

function unknown(trace: AttemptTrace, error: UploaderError, seenId?: string): PostOutcome {
  trace.error = error;
  return { kind: 'unknown', error, seenId };
}

/** The id in the beginning of a file object that may have been cut off. */
function idIn(text: string): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  return /"id"\s*:\s*"([\w-]{1,512})"/.exec(text)?.[1];
}

/** The id in the `Location` of a 201 Created, which Azure sends; only worth looking at where the body names none. */
function idInLocation(status: number, location: string | undefined): string | undefined {
  return status === 201 ? /\/files\/([\w-]{1,512})(?:[?#]|$)/.exec(location ?? '')?.[1] : undefined;
}
