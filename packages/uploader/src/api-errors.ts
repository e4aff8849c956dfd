import { UploaderError, type UploaderErrorCode, type UploaderErrorOptions } from './errors.js';
import type { ResponseHeaders } from './types.js';

/** What an error answer said, scrubbed and cut. */
export interface ApiErrorFields {
  /** HTTP status code. */
  readonly status: number;
  /** `error.type` of the answer, for example `invalid_request_error`. */
  readonly type?: string | undefined;
  /** `error.param`: the field that the server complains about. */
  readonly param?: string | undefined;
  /** `error.code`, for example `insufficient_quota`. */
  readonly apiCode?: string | undefined;
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The headers that help to explain the answer; all others are left out. */
  readonly headers: ResponseHeaders;
}

/** The server answered with an error status. The subclass names the kind, `status` the number. */
export class ApiError extends UploaderError {
  static {
    ApiError.prototype.name = 'ApiError';
  }

  readonly status: number;
  readonly type: string | undefined;
  readonly param: string | undefined;
  readonly apiCode: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly headers: ResponseHeaders;

  constructor(
    message: string,
    fields: ApiErrorFields,
    options: UploaderErrorOptions = {},
    code: UploaderErrorCode = 'E_HTTP',
  ) {
    super(code, message, options);
    this.status = fields.status;
    this.type = fields.type;
    this.param = fields.param;
    this.apiCode = fields.apiCode;
    this.retryAfterMs = fields.retryAfterMs;
    this.headers = fields.headers;
  }

  protected override details(): Record<string, unknown> {
    const { status, type, param, apiCode, retryAfterMs, headers } = this;
    const shown: Record<string, unknown> = { status };
    for (const [name, value] of Object.entries({ type, param, apiCode, retryAfterMs })) {
      if (value !== undefined) shown[name] = value;
    }
    return { ...shown, headers };
  }
}

/** 400: the server rejects the request or the file. */
export class BadRequestError extends ApiError {
  static {
    BadRequestError.prototype.name = 'BadRequestError';
  }

  /** The line of the file that the server complains about, counted from 1, where its message names one. */
  readonly line: number | undefined;

  constructor(message: string, fields: ApiErrorFields, options: UploaderErrorOptions = {}) {
    super(message, fields, options);
    const line = /\bline (\d{1,15})\b/i.exec(message)?.[1];
    this.line = line === undefined ? undefined : Number(line);
  }

  protected override details(): Record<string, unknown> {
    return this.line === undefined ? super.details() : { ...super.details(), line: this.line };
  }
}

/** 401: the key is missing, wrong or revoked. */
export class AuthenticationError extends ApiError {
  static {
    AuthenticationError.prototype.name = 'AuthenticationError';
  }
}

/** 403: the key may not do this. */
export class PermissionDeniedError extends ApiError {
  static {
    PermissionDeniedError.prototype.name = 'PermissionDeniedError';
  }
}

/** 404: no such file, or no Files API under this base URL. */
export class NotFoundError extends ApiError {
  static {
    NotFoundError.prototype.name = 'NotFoundError';
  }
}

/** 409. */
export class ConflictError extends ApiError {
  static {
    ConflictError.prototype.name = 'ConflictError';
  }
}

/** 413: the server, or a proxy before it, takes no body of this size. */
export class RequestTooLargeError extends ApiError {
  static {
    RequestTooLargeError.prototype.name = 'RequestTooLargeError';
  }
}

/** 422: the server understands the request and refuses its content. */
export class UnprocessableError extends ApiError {
  static {
    UnprocessableError.prototype.name = 'UnprocessableError';
  }
}

/** 429: too many requests for now. */
export class RateLimitError extends ApiError {
  static {
    RateLimitError.prototype.name = 'RateLimitError';
  }
}

/** 429 for want of money: no waiting helps, so it is never retried. */
export class QuotaExceededError extends ApiError {
  static {
    QuotaExceededError.prototype.name = 'QuotaExceededError';
  }

  constructor(message: string, fields: ApiErrorFields, options: UploaderErrorOptions = {}) {
    super(message, fields, options, 'E_QUOTA');
  }
}

/** 5xx. */
export class ServerError extends ApiError {
  static {
    ServerError.prototype.name = 'ServerError';
  }
}

/** 3xx where it is not followed: the request, its key and its body went to nobody else. */
export class RedirectError extends ApiError {
  static {
    RedirectError.prototype.name = 'RedirectError';
  }

  /** Origin of the address that the server named; no path and no query, which may hold credentials. */
  readonly locationOrigin: string | undefined;

  constructor(
    message: string,
    fields: ApiErrorFields & { locationOrigin?: string | undefined },
    options: UploaderErrorOptions = {},
  ) {
    super(message, fields, options, 'E_REDIRECT');
    this.locationOrigin = fields.locationOrigin;
  }

  protected override details(): Record<string, unknown> {
    return { ...super.details(), locationOrigin: this.locationOrigin };
  }
}
