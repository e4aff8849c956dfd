import { NotFoundError } from './api-errors.js';
import type { Call } from './call.js';
import { ConfigError } from './errors.js';
import { checkFileId, parseFileDeleted, parseFileList, parseFileObject } from './file-object.js';
import { callJson } from './json-call.js';
import type { FileDeleted, FileList, FileObject, HttpInfo } from './types.js';

/** Which page of which files. */
export interface ListFilesQuery {
  /** Only files of this purpose. */
  purpose?: string;
  /** Files on a page, 1 to 10,000. @default the server's own: OpenAI takes 10,000 */
  limit?: number;
  /** By time of creation. @default the server's own: OpenAI takes `desc`, newest first */
  order?: 'asc' | 'desc';
  /** The page that follows this file: the `last_id` of the page before. */
  after?: string;
}

export function listFiles(call: Call, query: ListFilesQuery): Promise<HttpInfo<FileList>> {
  const { purpose, limit, order, after } = checkQuery(query);
  return callJson(call, {
    method: 'GET',
    path: 'files',
    query: { purpose, limit, order, after },
    parse: parseFileList,
  });
}

export function retrieveFile(call: Call, id: string): Promise<HttpInfo<FileObject>> {
  return callJson(call, { method: 'GET', path: pathOf(id), parse: parseFileObject });
}

/** A deletion that finds nothing after an earlier try of the same call failed has succeeded: that try had worked. */
export function deleteFile(call: Call, id: string): Promise<HttpInfo<FileDeleted>> {
  return callJson<FileDeleted>(call, {
    method: 'DELETE',
    path: pathOf(id),
    parse: (text, status) => parseFileDeleted(id, text, status),
    recover: (error, attempt) =>
      attempt > 1 && error instanceof NotFoundError
        ? { id, object: 'file', deleted: true, alreadyGone: true }
        : undefined,
  });
}

/** The path of a file under the base URL. */
export function pathOf(id: string): string {
  return `files/${encodeURIComponent(checkFileId(id))}`;
}

function checkQuery(query: ListFilesQuery): ListFilesQuery {
  const { limit, order, after } = query;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > 10_000)) {
    throw new ConfigError('limit must be a whole number from 1 to 10000');
  }
  if (order !== undefined && order !== 'asc' && order !== 'desc')
    throw new ConfigError('order must be "asc" or "desc"');
  if (after !== undefined) checkFileId(after);
  return query;
}
