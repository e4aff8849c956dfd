import { NotFoundError } from './api-errors.js';
import type { Call } from './call.js';
import { checkObject } from './check-options.js';
import type { Dialect } from './dialects/dialect.js';
import { ConfigError } from './errors.js';
import { checkFileId, parseFileDeleted, parseFileList, parseFileObject } from './file-object.js';
import { callJson } from './json-call.js';
import type { AttemptSummary, FileDeleted, FileList, FileObject, HttpInfo, ListFilesQuery } from './types.js';

/** @throws {ConfigError} */
export async function listFiles(call: Call, query: ListFilesQuery): Promise<HttpInfo<FileList>> {
  const { dialect } = call.settings;
  checkObject('query', query);
  checkQuery(query, dialect);
  return callJson(call, {
    method: 'GET',
    path: 'files',
    query: dialect.listQuery(query),
    parse: (text, status) => parseFileList(text, status, dialect, query),
  });
}

export function retrieveFile(call: Call, id: string): Promise<HttpInfo<FileObject>> {
  const { dialect } = call.settings;
  return callJson(call, {
    method: 'GET',
    path: pathOf(id),
    parse: (text, status) => parseFileObject(text, status, dialect),
  });
}

/** A deletion that finds nothing after an earlier try may have worked has succeeded: that try had. */
export function deleteFile(call: Call, id: string): Promise<HttpInfo<FileDeleted>> {
  return callJson<FileDeleted>(call, {
    method: 'DELETE',
    path: pathOf(id),
    parse: (text, status) => parseFileDeleted(id, text, status),
    recover: (error) =>
      error instanceof NotFoundError && call.attempts.some(mayHaveWorked)
        ? { id, object: 'file', deleted: true, alreadyGone: true }
        : undefined,
  });
}

const NOT_SENT: ReadonlySet<string | undefined> = new Set([
  'E_CONNECT',
  'E_DNS',
  'E_TLS',
  'E_PROXY',
  'E_TIMEOUT_CONNECT',
]);

/** The request was sent, and no answer says that nothing came of it. */
function mayHaveWorked({ status, code }: AttemptSummary): boolean {
  return status === undefined ? !NOT_SENT.has(code) : status >= 500 || status < 300;
}

/** The path of a file under the base URL. */
export function pathOf(id: string): string {
  return `files/${encodeURIComponent(checkFileId(id))}`;
}

function checkQuery({ purpose, limit, order, after, page }: ListFilesQuery, { name, paging }: Dialect): void {
  if (purpose !== undefined && typeof purpose !== 'string') throw new ConfigError('purpose is not a string');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > 10_000)) {
    throw new ConfigError('limit must be a whole number from 1 to 10000');
  }
  if (order !== undefined && order !== 'asc' && order !== 'desc')
    throw new ConfigError('order must be "asc" or "desc"');
  // Not checked as an id: it may be a cursor of the server's own making, and in a query nothing can do harm.
  if (after !== undefined && (typeof after !== 'string' || after === '')) throw new ConfigError('after is not an id');
  if (page !== undefined && (!Number.isInteger(page) || page < 0)) throw new ConfigError('page must be a whole number');
  const foreign = paging === 'cursor' ? page : after;
  if (foreign === undefined) return;
  const [given, wanted] = paging === 'cursor' ? ['page', 'after'] : ['after', 'page'];
  throw new ConfigError(`the dialect "${name}" knows no ${given}`, { hint: `it goes on with ${wanted}` });
}
