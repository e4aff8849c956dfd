import {
  ApiError,
  type ApiErrorFields,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionDeniedError,
  QuotaExceededError,
  RateLimitError,
  RedirectError,
  RequestTooLargeError,
  ServerError,
  UnprocessableError,
} from '../api-errors.js';
import type { UploaderErrorOptions } from '../errors.js';
import { isRetryableStatus } from '../retry/policy.js';
import { parseRetryAfter } from '../retry/retry-after.js';
import type { ResponseHeaders } from '../types.js';
import { explainingHeaders, isPacked, requestIdOf } from './headers.js';
import { cutText, type Scrub } from './redact.js';

/** More of a server's text helps nobody and fills logs. */
const MAX_MESSAGE_BYTES = 2048;

/** `error.code` values that mean money, not speed. Source: OpenAI's guide to error codes. */
const QUOTA_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']);

/** An answer with an error status, as it was read. */
export interface ErrorAnswer {
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly text: string;
  /** Bytes of the request body. */
  readonly bytesTotal: number;
  readonly scrub: Scrub;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Any answer outside 2xx → the error that says what it means. */
export function apiErrorFrom(answer: ErrorAnswer): ApiError {
  const { status, headers, scrub } = answer;
  const said = isPacked(headers)
    ? { message: '(a compressed answer)' }
    : readEnvelope(answer.text, headers['content-type'] ?? '');
  const message = cutText(printable(scrub(said.message)), MAX_MESSAGE_BYTES);
  const clean = (text: string | undefined) => (text === undefined ? undefined : cutText(printable(scrub(text)), 256));
  const fields: ApiErrorFields = {
    status,
    type: clean(said.type),
    param: clean(said.param),
    apiCode: clean(said.code),
    retryAfterMs: parseRetryAfter(headers, answer.now) ?? undefined,
    headers: explainingHeaders(headers, scrub),
  };
  const isQuota = status === 429 && (QUOTA_CODES.has(said.code ?? '') || QUOTA_CODES.has(said.type ?? ''));
  const requestId = requestIdOf(headers);
  const hint = isQuota
    ? 'the account has no credit left or has reached its limit: see its billing page'
    : hintFor(answer);
  const options: UploaderErrorOptions = {
    retryable: !isQuota && status >= 400 && isRetryableStatus(status, headers['x-should-retry']),
    // It may name the address, and some have a key in it.
    hint: hint === undefined ? undefined : scrub(hint),
    requestId: requestId === undefined ? undefined : scrub(requestId),
  };
  const line = `${answer.method} ${scrub(answer.url.pathname)}: ${status}${message === '' ? '' : ` ${message}`}`;
  if (isQuota) return new QuotaExceededError(line, fields, options);
  if (status >= 300 && status < 400) {
    const locationOrigin = originOf(headers.location, answer.url);
    const target = locationOrigin === undefined ? '' : ` to ${locationOrigin}`;
    return new RedirectError(
      `${line}: a redirect${target} that is not followed`,
      { ...fields, locationOrigin },
      options,
    );
  }
  const Kind = KIND_OF_STATUS[status] ?? (status >= 500 ? ServerError : ApiError);
  return new Kind(line, fields, options);
}

const KIND_OF_STATUS: Readonly<Record<number, typeof ServerError>> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  413: RequestTooLargeError,
  422: UnprocessableError,
  429: RateLimitError,
};

function hintFor({ status, method, url, bytesTotal, headers }: ErrorAnswer): string | undefined {
  if (status >= 300 && status < 400) return 'use the address that the server names as the base URL, if you trust it';
  if (status === 401) return 'check that the key is complete, not revoked, and belongs to this base URL';
  if (status === 403 && method === 'PUT') return 'the address of the store is no longer good: upload the file again';
  if (status === 403) {
    const hint = 'the key may not do this: check its permissions, its project and the organisation';
    return method === 'GET' ? `${hint}; one that may upload but not list needs preflight: false` : hint;
  }
  if ([404, 405, 501].includes(status) && method === 'POST' && url.pathname.endsWith('/uploads')) {
    return "this server takes no files in parts: send the file in one request (parts: 'never')";
  }
  if (status === 404 && method === 'POST') {
    return `nothing takes files at ${url.origin}${url.pathname}: most base URLs end in /v1`;
  }
  if (status === 413) {
    return `the request had ${bytesTotal} bytes: the server, or a proxy before it, takes less; split the dataset or send it past the proxy`;
  }
  if (status === 415) return 'this server takes no multipart/form-data here: check the base URL';
  if (status === 429 && headers['retry-after'] !== undefined) return 'the server asks for a pause: try again later';
  return undefined;
}

function originOf(location: string | undefined, base: URL): string | undefined {
  if (location === undefined || !URL.canParse(location, base.href)) return undefined;
  const { origin, protocol } = new URL(location, base);
  return origin === 'null' ? protocol : origin;
}

interface Envelope {
  readonly message: string;
  readonly type?: string | undefined;
  readonly param?: string | undefined;
  readonly code?: string | undefined;
}

/** OpenAI's `{error: {message, type, param, code}}`, the forms of its relatives, an HTML page, or plain text. */
function readEnvelope(text: string, contentType: string): Envelope {
  const trimmed = text.trim();
  if (/html/i.test(contentType) || trimmed.startsWith('<')) {
    // No `<` within the tag: 64 KiB of beginnings of it would take a second to search.
    const title = /<title[^<>]*>([^<]*)/i.exec(trimmed)?.[1]?.trim();
    return { message: title ? `(an HTML page: ${title})` : '(an HTML page)' };
  }
  const body = parseJson(trimmed);
  if (!isObject(body)) return { message: trimmed };
  const error = isObject(body.error) ? body.error : body;
  const message = [error.message, body.error, body.detail, body.message].find((it) => typeof it === 'string');
  return {
    message: typeof message === 'string' ? message : asJson(body.detail ?? body.error ?? body),
    type: asText(error.type),
    param: asText(error.param),
    code: asText(error.code),
  };
}

/** What was parsed cannot always be written: nested deeply enough, it is more than the stack holds. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(a JSON answer)';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** A server's text may end up in a terminal: no escape sequences, no line breaks. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
