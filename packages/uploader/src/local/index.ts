export { LocalFilesServerError, type LocalFilesServerErrorCode } from './errors.js';
export { DEFAULT_MAX_FILE_BYTES, type LocalFilesServerOptions, type LocalRequestEvent } from './options.js';
export { type LocalFilesServer, startLocalFilesServer } from './server.js';
