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
export { ConnectionError, ProxyError, TimeoutError, TlsError } from './connection-errors.js';
export type { CreateFileOptions, ExpiresAfter, UploadInPartsOptions } from './create-file-options.js';
export type { Secret } from './credentials.js';
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
  FileProcessingError,
  IntegrityError,
  ProtocolError,
  UploaderError,
  type UploaderErrorCode,
  type UploaderErrorOptions,
} from './errors.js';
export type { PartsProgress, Progress, UploadEvent } from './events.js';
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
export { fillFileName } from './multipart/file-name.js';
export type { CallOptions, ClientOptions, LogFields, Logger, TimeoutOptions } from './options.js';
export type { PartsMode, PartsOptions } from './parts/plan.js';
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
  ListFilesQuery,
  ProcessedFile,
  ResponseHeaders,
} from './types.js';
export type { WaitOptions } from './wait-for-processing.js';
