import { type ClientContext, withCall } from './call.js';
import { createFile } from './create-file.js';
import type { CreateFileOptions } from './create-file-options.js';
import {
  type DownloadBytesOptions,
  type DownloadedBytes,
  type DownloadedFile,
  type DownloadOptions,
  type DownloadResult,
  type DownloadStream,
  type DownloadStreamOptions,
  type DownloadToFileOptions,
  downloadFile,
} from './download/download-file.js';
import { AbortedError } from './errors.js';
import { deleteFile, type ListFilesQuery, listFiles, retrieveFile } from './json-calls.js';
import { type CallOptions, type ClientOptions, normalizeClientOptions } from './options.js';
import { createSiblings } from './retry/siblings.js';
import { type Runtime, systemRuntime } from './runtime.js';
import type { FileSource } from './source/file-source.js';
import type { CreatedFile, FileDeleted, FileList, FileObject, FilePurpose, HttpInfo } from './types.js';

/** The Files API, under the names of OpenAI's operations; each also with what HTTP says about it. */
export interface FilesClient {
  /**
   * Uploads a file: exactly the bytes that were pinned or expected, or nothing.
   *
   * A lost answer is looked up in the listing; what cannot be settled is an {@link AmbiguousUploadError}. Nothing that
   * the server may already hold is sent twice.
   *
   * @throws {FileError} the file cannot be used, or changed while it was sent
   * @throws {AmbiguousUploadError} the server may have the file or not
   * @throws {IntegrityError} the server holds something of another size
   * @throws {UploaderError} everything else; nothing was made on the server
   */
  createFile(file: FileSource, purpose: FilePurpose, options?: CreateFileOptions): Promise<CreatedFile>;
  createFileWithHttpInfo(
    file: FileSource,
    purpose: FilePurpose,
    options?: CreateFileOptions,
  ): Promise<HttpInfo<CreatedFile>>;
  /** Deletes a file. */
  deleteFile(id: string, options?: CallOptions): Promise<FileDeleted>;
  deleteFileWithHttpInfo(id: string, options?: CallOptions): Promise<HttpInfo<FileDeleted>>;
  /** Fetches the content of a file: to a file, as a stream, or into memory. */
  downloadFile(id: string, options: DownloadToFileOptions): Promise<DownloadedFile>;
  downloadFile(id: string, options: DownloadStreamOptions): Promise<DownloadStream>;
  downloadFile(id: string, options?: DownloadBytesOptions): Promise<DownloadedBytes>;
  downloadFileWithHttpInfo(id: string, options: DownloadToFileOptions): Promise<HttpInfo<DownloadedFile>>;
  downloadFileWithHttpInfo(id: string, options: DownloadStreamOptions): Promise<HttpInfo<DownloadStream>>;
  downloadFileWithHttpInfo(id: string, options?: DownloadBytesOptions): Promise<HttpInfo<DownloadedBytes>>;
  /** One page of the files. */
  listFiles(query?: ListFilesQuery, options?: CallOptions): Promise<FileList>;
  listFilesWithHttpInfo(query?: ListFilesQuery, options?: CallOptions): Promise<HttpInfo<FileList>>;
  /** What the server says about one file. */
  retrieveFile(id: string, options?: CallOptions): Promise<FileObject>;
  retrieveFileWithHttpInfo(id: string, options?: CallOptions): Promise<HttpInfo<FileObject>>;
  /**
   * Ends the calls that still run, with an `AbortedError`, and the connections that are kept. Those end by themselves
   * after a few idle seconds, and never keep the process running.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a client. Nothing is sent and nothing is read from the environment.
 *
 * @throws {ConfigError}
 */
export function createFilesClient(options: ClientOptions = {}): FilesClient {
  return createClientWith(options, systemRuntime);
}

/** As {@link createFilesClient}, with the clock, the waiting and the chance of the caller. */
export function createClientWith(options: ClientOptions, runtime: Runtime): FilesClient {
  const settings = normalizeClientOptions(options);
  const closing = new AbortController();
  const context: ClientContext = { settings, runtime, closed: closing.signal };
  const siblings = createSiblings();

  const createFileWithHttpInfo: FilesClient['createFileWithHttpInfo'] = async (file, purpose, callOptions = {}) =>
    createFile(context, siblings, file, purpose, callOptions);
  const deleteFileWithHttpInfo: FilesClient['deleteFileWithHttpInfo'] = async (id, callOptions = {}) =>
    withCall(context, 'deleteFile', 'other', callOptions, (call) => deleteFile(call, id));
  const listFilesWithHttpInfo: FilesClient['listFilesWithHttpInfo'] = async (query = {}, callOptions = {}) =>
    withCall(context, 'listFiles', 'other', callOptions, (call) => listFiles(call, query));
  const retrieveFileWithHttpInfo: FilesClient['retrieveFileWithHttpInfo'] = async (id, callOptions = {}) =>
    withCall(context, 'retrieveFile', 'other', callOptions, (call) => retrieveFile(call, id));
  const download = async (id: string, callOptions: DownloadOptions = {}) => downloadFile(context, id, callOptions);
  const close = async () => {
    closing.abort(new AbortedError('the client is closed'));
    settings.connections.close();
  };

  return Object.freeze({
    createFileWithHttpInfo,
    createFile: async (file, purpose, callOptions) => (await createFileWithHttpInfo(file, purpose, callOptions)).data,
    deleteFileWithHttpInfo,
    deleteFile: async (id, callOptions) => (await deleteFileWithHttpInfo(id, callOptions)).data,
    // One implementation behind three signatures: which result belongs to which options is decided in `downloadFile`.
    downloadFileWithHttpInfo: download as FilesClient['downloadFileWithHttpInfo'],
    downloadFile: (async (id: string, callOptions?: DownloadOptions): Promise<DownloadResult> =>
      (await download(id, callOptions)).data) as FilesClient['downloadFile'],
    listFilesWithHttpInfo,
    listFiles: async (query, callOptions) => (await listFilesWithHttpInfo(query, callOptions)).data,
    retrieveFileWithHttpInfo,
    retrieveFile: async (id, callOptions) => (await retrieveFileWithHttpInfo(id, callOptions)).data,
    close,
    [Symbol.asyncDispose]: close,
  } satisfies FilesClient);
}
