import { inspect } from 'node:util';
import type { AttemptSummary } from './types.js';

/** What went wrong, for machines. A code keeps its meaning; messages may change with any release. */
export type UploaderErrorCode =
  | 'E_CONFIG'
  | 'E_FILE_READ'
  | 'E_FILE_KIND'
  | 'E_FILE_EMPTY'
  | 'E_FILE_TOO_LARGE'
  | 'E_FILE_CHANGED'
  | 'E_FILE_EXISTS'
  | 'E_FILE_WRITE'
  | 'E_CONNECT'
  | 'E_DNS'
  | 'E_RESET'
  | 'E_TLS'
  | 'E_PROXY'
  | 'E_TIMEOUT_CONNECT'
  | 'E_TIMEOUT_STALL'
  | 'E_TIMEOUT_RESPONSE'
  | 'E_TIMEOUT_BODY'
  | 'E_TIMEOUT_DEADLINE'
  | 'E_TIMEOUT_PROCESSING'
  | 'E_ABORTED'
  | 'E_HTTP'
  | 'E_QUOTA'
  | 'E_REDIRECT'
  | 'E_PROTOCOL'
  | 'E_INTEGRITY'
  | 'E_AMBIGUOUS'
  | 'E_PROCESSING';

export interface UploaderErrorOptions {
  /** The same call may succeed later. @default false */
  retryable?: boolean | undefined;
  /** What the reader can do about it. */
  hint?: string | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** Deep enough for every chain made here; a longer one is somebody else's and may be endless. */
const MAX_CAUSES = 4;

/**
 * The root of everything this package throws.
 *
 * No error carries a key, a request header or a response body. Text that came from a server is scrubbed and cut before
 * an error is built from it, and `toJSON()` and `util.inspect()` show an allow-list of fields, never whatever is there.
 */
export class UploaderError extends Error {
  static {
    UploaderError.prototype.name = 'UploaderError';
  }

  readonly code: UploaderErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  /** Every HTTP try of the call that failed, oldest first; empty when it failed before the first. */
  attempts: readonly AttemptSummary[] = [];

  constructor(code: UploaderErrorCode, message: string, options: UploaderErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
    this.requestId = options.requestId;
  }

  /** The fields that a subclass adds to what is shown. */
  protected details(): Record<string, unknown> {
    return {};
  }

  toJSON(): Record<string, unknown> {
    const shown: Record<string, unknown> = { name: this.name, code: this.code, message: this.message };
    if (this.hint !== undefined) shown.hint = this.hint;
    shown.retryable = this.retryable;
    if (this.requestId !== undefined) shown.requestId = this.requestId;
    Object.assign(shown, this.details());
    if (this.attempts.length > 0) shown.attempts = this.attempts;
    const cause = describeCause(this.cause, MAX_CAUSES);
    if (cause !== undefined) shown.cause = cause;
    return shown;
  }

  [inspect.custom](_depth: number, options: object): string {
    const { name: _name, message: _message, ...fields } = this.toJSON();
    return `${this.stack ?? `${this.name}: ${this.message}`} ${inspect(fields, { ...options, depth: MAX_CAUSES + 2 })}`;
  }
}

function describeCause(cause: unknown, depth: number): Record<string, unknown> | undefined {
  if (!(cause instanceof Error) || depth === 0) return undefined;
  const shown: Record<string, unknown> = { name: cause.name, message: cause.message };
  if ('code' in cause && (typeof cause.code === 'string' || typeof cause.code === 'number')) shown.code = cause.code;
  const next = describeCause(cause.cause, depth - 1);
  if (next !== undefined) shown.cause = next;
  return shown;
}

/** An option, a purpose, a file id or a dispatcher that cannot be used. Thrown before anything is sent. */
export class ConfigError extends UploaderError {
  static {
    ConfigError.prototype.name = 'ConfigError';
  }

  constructor(message: string, options: UploaderErrorOptions = {}) {
    super('E_CONFIG', message, options);
  }
}

/** The caller's signal ended the call; `cause` is the signal's own reason. */
export class AbortedError extends UploaderError {
  static {
    AbortedError.prototype.name = 'AbortedError';
  }

  /** Set when the server had already named the file it made: it exists. */
  readonly fileId: string | undefined;
  /** The whole body had been sent and no answer had come: the file may exist. */
  readonly fileMayExist: boolean;

  constructor(message: string, options: UploaderErrorOptions & { fileId?: string; fileMayExist?: boolean } = {}) {
    super('E_ABORTED', message, options);
    this.fileId = options.fileId;
    this.fileMayExist = options.fileMayExist ?? options.fileId !== undefined;
  }

  protected override details(): Record<string, unknown> {
    return { fileId: this.fileId, fileMayExist: this.fileMayExist };
  }
}

/** The server answered with success and something that is not what the Files API returns. */
export class ProtocolError extends UploaderError {
  static {
    ProtocolError.prototype.name = 'ProtocolError';
  }

  /** HTTP status code of the answer. */
  readonly status: number | undefined;

  constructor(message: string, options: UploaderErrorOptions & { status?: number } = {}) {
    super('E_PROTOCOL', message, options);
    this.status = options.status;
  }

  protected override details(): Record<string, unknown> {
    return { status: this.status };
  }
}

/** What the server holds or sent is not what was sent or announced. */
export class IntegrityError extends UploaderError {
  static {
    IntegrityError.prototype.name = 'IntegrityError';
  }

  /** The file on the server; it is left there, so that somebody can look at it. */
  readonly fileId: string | undefined;
  readonly expected: string | number | undefined;
  readonly actual: string | number | undefined;

  constructor(
    message: string,
    options: UploaderErrorOptions & {
      fileId?: string | undefined;
      expected?: string | number | undefined;
      actual?: string | number | undefined;
    } = {},
  ) {
    super('E_INTEGRITY', message, options);
    this.fileId = options.fileId;
    this.expected = options.expected;
    this.actual = options.actual;
  }

  protected override details(): Record<string, unknown> {
    return { fileId: this.fileId, expected: this.expected, actual: this.actual };
  }
}

/**
 * The whole body was sent and no usable answer came: the server may hold the file, or not.
 *
 * List the files of the purpose and look for the name and size given here; the message says whether the file was sent
 * once or twice.
 */
export class AmbiguousUploadError extends UploaderError {
  static {
    AmbiguousUploadError.prototype.name = 'AmbiguousUploadError';
  }

  readonly purpose: string;
  readonly filename: string;
  readonly bytes: number;
  /** Lower-case hexadecimal SHA-256 of the bytes that were sent. */
  readonly sha256: string;
  /** When the call began, ISO 8601, by this machine's clock. */
  readonly startedAt: string;
  /** Ids of files on the server that may be the one; empty when none was seen or none could be looked for. */
  readonly candidates: readonly string[];

  constructor(
    message: string,
    upload: Pick<AmbiguousUploadError, 'purpose' | 'filename' | 'bytes' | 'sha256' | 'startedAt' | 'candidates'>,
    options: UploaderErrorOptions = {},
  ) {
    super('E_AMBIGUOUS', message, options);
    this.purpose = upload.purpose;
    this.filename = upload.filename;
    this.bytes = upload.bytes;
    this.sha256 = upload.sha256;
    this.startedAt = upload.startedAt;
    this.candidates = upload.candidates;
  }

  protected override details(): Record<string, unknown> {
    const { purpose, filename, bytes, sha256, startedAt, candidates } = this;
    return { purpose, filename, bytes, sha256, startedAt, candidates };
  }
}

/** The server has taken the file and could not process it, or has it no more. */
export class FileProcessingError extends UploaderError {
  static {
    FileProcessingError.prototype.name = 'FileProcessingError';
  }

  /** The file; it is still on the server, unless `status` says otherwise. */
  readonly fileId: string;
  /** The state that it is in, for example `error`. */
  readonly status: string;
  /** What the server says about it, scrubbed and cut. */
  readonly statusDetails: string | undefined;

  constructor(
    message: string,
    file: Pick<FileProcessingError, 'fileId' | 'status' | 'statusDetails'>,
    options: UploaderErrorOptions = {},
  ) {
    super('E_PROCESSING', message, options);
    this.fileId = file.fileId;
    this.status = file.status;
    this.statusDetails = file.statusDetails;
  }

  protected override details(): Record<string, unknown> {
    return { fileId: this.fileId, status: this.status, statusDetails: this.statusDetails };
  }
}
