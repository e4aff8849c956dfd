import type { ApiError } from './api-errors.js';
import { type AttemptTrace, type Call, httpInfo, runAttempts } from './call.js';
import { ProtocolError } from './errors.js';
import { apiErrorFrom } from './http/api-error.js';
import { type BodyProgress, type Exchange, openExchange, type RequestBody } from './http/exchange.js';
import { isPacked } from './http/headers.js';
import { readText } from './http/read-body.js';
import type { HttpInfo } from './types.js';

/** More than 10,000 files, the largest page there is, need; a longer answer is a mistake or an attack. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;

/** Of an answer with an error status. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface JsonRequest<T> {
  readonly method: 'GET' | 'DELETE' | 'POST';
  /** Under the base URL, for example `files/file-abc`. Ids in it are checked and encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @throws {ProtocolError} */
  parse(text: string, status: number): T;
  /** Another answer instead of an error. */
  recover?(error: unknown): T | undefined;
}

/** A short request, without a body or with a little JSON, retried by the policy. */
export async function callJson<T>(call: Call, request: JsonRequest<T>): Promise<HttpInfo<T>> {
  const response = await runAttempts(call, (_attempt, trace) => requestJson(call, request, trace));
  return httpInfo(response.data, response, call.attempts);
}

async function requestJson<T>(call: Call, request: JsonRequest<T>, trace: AttemptTrace) {
  const url = urlOf(call, request.path, request.query);
  const body = request.body === undefined ? undefined : jsonBody(request.body);
  if (body !== undefined) trace.handedOver = () => body.progress.handedOver;
  const exchange = await openExchange({
    method: request.method,
    url,
    headers: { ...requestHeaders(call), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body,
    ...exchangeSettings(call),
  });
  try {
    const { status, headers } = exchange;
    trace.status = status;
    if (!isSuccess(status)) {
      const error = await readApiError(call, exchange, request.method, url, 0);
      const data = request.recover?.(error);
      if (data === undefined) throw error;
      return { data, status, headers };
    }
    const text = await readJsonText(call, exchange);
    return { data: request.parse(text, status), status, headers };
  } finally {
    exchange.close();
  }
}

/** A value as the body of a request. */
export function jsonBody(value: unknown): RequestBody {
  const bytes = Buffer.from(JSON.stringify(value));
  const progress: BodyProgress = { bytesSent: 0, handedOver: false };
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

/** Reads a whole JSON answer. */
export async function readJsonText(call: Call, exchange: Exchange): Promise<string> {
  checkEncoding(exchange);
  const body = await readText(exchange, { bytes: MAX_JSON_BYTES, total: call.timeouts.body });
  if (body.isComplete) return call.settings.scrubEcho(body.text);
  throw (
    body.error ?? new ProtocolError(`the answer is longer than ${MAX_JSON_BYTES} bytes`, { status: exchange.status })
  );
}

/** Reads an error answer as far as it is worth it. */
export async function readApiError(
  call: Call,
  exchange: Exchange,
  method: string,
  url: URL,
  bytesTotal: number,
): Promise<ApiError> {
  const { status, headers } = exchange;
  const body = await readText(exchange, { bytes: MAX_ERROR_BYTES, total: call.timeouts.body });
  if (!body.isComplete && call.signal.aborted) throw call.signal.reason;
  const { scrub } = call.settings;
  return apiErrorFrom({ method, url, status, headers, text: body.text, bytesTotal, scrub, now: call.runtime.now() });
}

/** Nothing is ever unpacked: a small answer could unpack to any size. */
export function checkEncoding({ headers, status }: Exchange): void {
  if (!isPacked(headers)) return;
  throw new ProtocolError('the answer is compressed, although only identity was accepted', {
    status,
    hint: 'a proxy on the way may do that: see its settings',
  });
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What every exchange of a call has in common. */
export function exchangeSettings({ settings, timeouts, signal, runtime }: Call) {
  const { connections, scrub, scrubEcho } = settings;
  return { connections, scrub, scrubEcho, timeouts, signal, after: runtime.after };
}

/** Credentials, and what every request says. */
export function requestHeaders({ settings }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'tunegate',
    ...settings.credentialHeaders(),
  };
}

/** An address under the base URL; the query of the base URL is kept. */
export function urlOf(call: Call, path: string, query: JsonRequest<unknown>['query'] = {}): URL {
  const url = new URL(call.settings.baseURL);
  url.pathname += path;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}
