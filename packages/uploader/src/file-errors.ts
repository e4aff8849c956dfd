import { UploaderError, type UploaderErrorCode, type UploaderErrorOptions } from './errors.js';

/** Something about the file on this machine. */
export class FileError extends UploaderError {
  static {
    FileError.prototype.name = 'FileError';
  }

  /** The file as the caller named it; `null` for bytes in memory. */
  readonly path: string | null;

  constructor(code: UploaderErrorCode, message: string, path: string | null, options: UploaderErrorOptions = {}) {
    super(code, message, options);
    this.path = path;
  }

  protected override details(): Record<string, unknown> {
    return { path: this.path };
  }
}

/** The file cannot be opened or read, or is no regular file (`E_FILE_KIND`). */
export class FileReadError extends FileError {
  static {
    FileReadError.prototype.name = 'FileReadError';
  }
}

/** The file has no bytes. */
export class FileEmptyError extends FileError {
  static {
    FileEmptyError.prototype.name = 'FileEmptyError';
  }
}

/** The target of a download cannot be written (`E_FILE_WRITE`) or is there already (`E_FILE_EXISTS`). */
export class FileWriteError extends FileError {
  static {
    FileWriteError.prototype.name = 'FileWriteError';
  }
}

/** The file, with what multipart adds to it, is larger than the limit. */
export class FileTooLargeError extends FileError {
  static {
    FileTooLargeError.prototype.name = 'FileTooLargeError';
  }

  /** Bytes of the whole request body. */
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(message: string, path: string | null, sizes: { bytes: number; maxBytes: number; hint?: string }) {
    super('E_FILE_TOO_LARGE', message, path, { hint: sizes.hint });
    this.bytes = sizes.bytes;
    this.maxBytes = sizes.maxBytes;
  }

  protected override details(): Record<string, unknown> {
    return { ...super.details(), bytes: this.bytes, maxBytes: this.maxBytes };
  }
}

/** Size and digest of some bytes; `null` for what is not known. */
export interface FileIdentity {
  readonly size: number | null;
  /** Lower-case hexadecimal. */
  readonly sha256: string | null;
}

/** The bytes are not those that were checked. The server got no complete request. Never retried. */
export class FileChangedError extends FileError {
  static {
    FileChangedError.prototype.name = 'FileChangedError';
  }

  readonly expected: FileIdentity;
  readonly actual: FileIdentity;

  constructor(message: string, path: string | null, difference: { expected: FileIdentity; actual: FileIdentity }) {
    super('E_FILE_CHANGED', message, path, { hint: 'check the file again, then upload it while nothing writes to it' });
    this.expected = difference.expected;
    this.actual = difference.actual;
  }

  protected override details(): Record<string, unknown> {
    return { ...super.details(), expected: this.expected, actual: this.actual };
  }
}
