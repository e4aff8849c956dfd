export type { LocalDialectName } from './dialects/dialect.js';
export { LocalFilesServerError, type LocalFilesServerErrorCode } from './errors.js';
export type * from './faults/fault-plan.js';
export type { LocalOperation } from './operation.js';
export { DEFAULT_MAX_FILE_BYTES, type LocalFilesServerOptions, type LocalRequestEvent } from './options.js';
export type { ProcessingOptions } from './processing.js';
export { type LocalFilesServer, startLocalFilesServer } from './server.js';
