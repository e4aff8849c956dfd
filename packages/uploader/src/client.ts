import { type ClientContext, withCall } from './call.js';
import { checkObject } from './check-options.js';
import { createFile } from './create-file.js';
import type { CreateFileOptions, UploadInPartsOptions } from './create-file-options.js';
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
import { AbortedError, IntegrityError } from './errors.js';
import { deleteFile, listFiles, retrieveFile } from './json-calls.js';
import { type CallOptions, type ClientOptions, normalizeClientOptions } from './options.js';
import { iteratePages } from './paging.js';
import { createSiblings } from './retry/siblings.js';
import { type Runtime, systemRuntime } from './runtime.js';
import type { FileSource } from './source/file-source.js';
import type {
  CreatedFile,
  FileDeleted,
  FileList,
  FileObject,
  FilePurpose,
  HttpInfo,
  ListFilesQuery,
  ProcessedFile,
} from './types.js';
import { type WaitOptions, waitForProcessing } from './wait-for-processing.js';

/** The Files API, under the names of OpenAI's operations; each also with what HTTP says about it. */
export interface FilesClient {
  /**
   * Uploads a file: exactly the bytes that were pinned or expected, or nothing.
   *
   * A lost answer is looked up in the listing; what cannot be settled is an {@link AmbiguousUploadError}. The file is sent
   * a second time only where the listing shows that there is none, and `possibleDuplicates` names what turns up later.
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
  /**
   * As {@link createFile}, in parts whatever the size of the file: a break costs one part instead of the whole, the server
   * checks an MD5 of the whole, and with `stateDir` the same call goes on where an earlier one stopped.
   */
  uploadInParts(file: FileSource, purpose: FilePurpose, options?: UploadInPartsOptions): Promise<CreatedFile>;
  uploadInPartsWithHttpInfo(
    file: FileSource,
    purpose: FilePurpose,
    options?: UploadInPartsOptions,
  ): Promise<HttpInfo<CreatedFile>>;
  /**
   * Deletes a file. When an answer was lost and the next try finds nothing, the file is gone: `alreadyGone` says so.
   *
   * @throws {NotFoundError} there is no such file
   */
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
  /**
   * All files, page by page as they are asked for. Leaving the loop early asks for no more.
   *
   * @throws {ProtocolError} the listing would never end: an empty page that promises more, or one that was there before
   */
  iterateFiles(query?: ListFilesQuery, options?: CallOptions): AsyncIterable<FileObject>;
  /** What the server says about one file. */
  retrieveFile(id: string, options?: CallOptions): Promise<FileObject>;
  retrieveFileWithHttpInfo(id: string, options?: CallOptions): Promise<HttpInfo<FileObject>>;
  /**
   * Waits until the server has processed a file. OpenAI is mostly done at once, Azure takes a while, and no job takes a
   * file before. A server that names no state, or one that is not known, ends the wait with the outcome `unknown`.
   *
   * @throws {FileProcessingError} the server could not process it, or has deleted it
   * @throws {TimeoutError} `E_TIMEOUT_PROCESSING`: not done within `maxWait`
   */
  waitForProcessing(id: string, options?: WaitOptions): Promise<ProcessedFile>;
  waitForProcessingWithHttpInfo(id: string, options?: WaitOptions): Promise<HttpInfo<ProcessedFile>>;
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

  // Sizes of uploads whose answer did not tell one: they are held against the first answer that does.
  const unverified = new Map<string, number>();
  const verify = ({ id, bytes }: FileObject) => {
    const sent = unverified.get(id);
    if (sent === undefined || bytes === null) return;
    unverified.delete(id);
    if (bytes === sent) return;
    const detail = { fileId: id, expected: sent, actual: bytes, hint: 'delete that file' };
    throw new IntegrityError(`the server holds ${bytes} bytes as ${id}, but ${sent} were sent`, detail);
  };

  const createFileWithHttpInfo: FilesClient['createFileWithHttpInfo'] = async (file, purpose, callOptions = {}) => {
    const info = await createFile(context, siblings, file, purpose, callOptions);
    const { id, bytes, upload } = info.data;
    if (bytes === null) unverified.set(id, upload.bytes);
    return info;
  };
  const uploadInPartsWithHttpInfo: FilesClient['uploadInPartsWithHttpInfo'] = async (file, purpose, callOptions = {}) =>
    createFileWithHttpInfo(file, purpose, { ...callOptions, parts: 'always' });
  const deleteFileWithHttpInfo: FilesClient['deleteFileWithHttpInfo'] = async (id, callOptions = {}) =>
    withCall(context, 'deleteFile', 'other', callOptions, (call) => deleteFile(call, id));
  const listFilesWithHttpInfo: FilesClient['listFilesWithHttpInfo'] = async (query = {}, callOptions = {}) =>
    withCall(context, 'listFiles', 'other', callOptions, (call) => listFiles(call, query));
  const retrieveFileWithHttpInfo: FilesClient['retrieveFileWithHttpInfo'] = async (id, callOptions = {}) =>
    withCall(context, 'retrieveFile', 'other', callOptions, async (call) => {
      const info = await retrieveFile(call, id);
      verify(info.data);
      return info;
    });
  const waitForProcessingWithHttpInfo: FilesClient['waitForProcessingWithHttpInfo'] = async (id, waitOptions = {}) =>
    waitForProcessing(context, id, waitOptions, verify);
  async function* iterateFiles(query: ListFilesQuery = {}, callOptions: CallOptions = {}) {
    const list = async (page: ListFilesQuery) => (await listFilesWithHttpInfo(page, callOptions)).data;
    const { paging, pageSize } = settings.dialect;
    checkObject('query', query);
    for await (const { data } of iteratePages(list, { limit: pageSize, ...query }, paging)) yield* data;
  }
  const download = async (id: string, callOptions: DownloadOptions = {}) => downloadFile(context, id, callOptions);
  const close = async () => {
    closing.abort(new AbortedError('the client is closed'));
    settings.connections.close();
  };

  return Object.freeze({
    createFileWithHttpInfo,
    createFile: async (file, purpose, callOptions) => (await createFileWithHttpInfo(file, purpose, callOptions)).data,
    uploadInPartsWithHttpInfo,
    uploadInParts: async (file, purpose, callOptions) =>
      (await uploadInPartsWithHttpInfo(file, purpose, callOptions)).data,
    deleteFileWithHttpInfo,
    deleteFile: async (id, callOptions) => (await deleteFileWithHttpInfo(id, callOptions)).data,
    // One implementation behind three signatures: which result belongs to which options is decided in `downloadFile`.
    downloadFileWithHttpInfo: download as FilesClient['downloadFileWithHttpInfo'],
    downloadFile: (async (id: string, callOptions?: DownloadOptions): Promise<DownloadResult> =>
      (await download(id, callOptions)).data) as FilesClient['downloadFile'],
    listFilesWithHttpInfo,
    listFiles: async (query, callOptions) => (await listFilesWithHttpInfo(query, callOptions)).data,
    iterateFiles,
    retrieveFileWithHttpInfo,
    retrieveFile: async (id, callOptions) => (await retrieveFileWithHttpInfo(id, callOptions)).data,
    waitForProcessingWithHttpInfo,
    waitForProcessing: async (id, waitOptions) => (await waitForProcessingWithHttpInfo(id, waitOptions)).data,
    close,
    [Symbol.asyncDispose]: close,
  } satisfies FilesClient);
}
