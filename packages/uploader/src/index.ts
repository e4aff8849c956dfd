export type { ApiErrorFields } from './api-errors.js';
export {
  ApiError,
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
} from './api-errors.js';
export { createFilesClient, type FilesClient } from './client.js';
export type { CreateFileOptions, ExpiresAfter } from './create-file-options.js';
export type { DialectName } from './dialects/dialect.js';
export type {
  DownloadBytesOptions,
  DownloadedBytes,
  DownloadedFile,
  DownloadOptions,
  DownloadResult,
  DownloadStream,
  DownloadStreamOptions,
  DownloadToFileOptions,
} from './download/download-file.js';
export {
  AbortedError,
  AmbiguousUploadError,
  ConfigError,
  ConnectionError,
  IntegrityError,
  ProtocolError,
  ProxyError,
  TimeoutError,
  TlsError,
  UploaderError,
  type UploaderErrorCode,
  type UploaderErrorOptions,
} from './errors.js';
export type { Progress, UploadEvent } from './events.js';
export {
  FileChangedError,
  FileEmptyError,
  FileError,
  type FileIdentity,
  FileReadError,
  FileTooLargeError,
  FileWriteError,
} from './file-errors.js';
export type { Dispatcher } from './http/agent.js';
export { type ProxyOptions, proxyFromEnvironment } from './http/proxy.js';
export type { Certificates } from './http/roots.js';
export type { ListFilesQuery } from './json-calls.js';
export type { CallOptions, ClientOptions, LogFields, Logger, TimeoutOptions } from './options.js';
export type { RetryOptions } from './retry/policy.js';
export type { FileSource } from './source/file-source.js';
export { type ExpectedBytes, openSnapshot, type Snapshot, type SnapshotOptions } from './source/snapshot.js';
export type {
  AttemptSummary,
  CreatedFile,
  FileDeleted,
  FileList,
  FileObject,
  FilePurpose,
  HttpInfo,
  ResponseHeaders,
} from './types.js';
