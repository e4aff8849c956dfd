import type { Dialect } from './dialects/dialect.js';
import { ConfigError, ProtocolError } from './errors.js';
import type { FileDeleted, FileList, FileObject, ListFilesQuery } from './types.js';

/** In UTF-16 units; OpenAI's ids have under 40. */
const MAX_ID_LENGTH = 512;

/**
 * Checks an id before it becomes part of a URL.
 *
 * @throws {ConfigError}
 */
export function checkFileId(id: string): string {
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..' || /[/\\?#%\s]|\p{Cc}|\p{Cs}/u.test(id)) {
    throw new ConfigError('this is not the id of a file', { hint: 'ids look like file-abc123' });
  }
  return id;
}

/**
 * Reads a file object leniently: providers omit what OpenAI requires, only `id` is indispensable.
 *
 * @throws {ProtocolError}
 */
export function parseFileObject(text: string, status: number, dialect: Pick<Dialect, 'statusOf'>): FileObject {
  return fileObjectFrom(parseJson(text, status), status, dialect);
}

/** As {@link parseFileObject}, of what is parsed already. */
export function fileObjectFrom(value: unknown, status: number, { statusOf }: Pick<Dialect, 'statusOf'>): FileObject {
  if (!isObject(value)) throw unexpected('a file object', value, status);
  if (typeof value.id !== 'string' || value.id === '') throw new ProtocolError('the file object has no id', { status });
  // An id is printed, and goes into scripts as one word.
  if (value.id.length > MAX_ID_LENGTH || /[\s\p{Cc}\p{Cs}\p{Bidi_Control}]/u.test(value.id)) {
    throw new ProtocolError('the id of the file object is not one word', { status });
  }
  if (value.object !== undefined && value.object !== 'file') throw unexpected('a file object', value, status);
  // What is there but of another type is dropped: the type of these fields is a promise.
  const { status: _status, status_details, expires_at, ...rest } = value;
  const state = statusOf(value);
  return {
    ...rest,
    ...(state === undefined ? {} : { status: state }),
    ...(typeof status_details === 'string' || status_details === null ? { status_details } : {}),
    ...(typeof expires_at === 'number' || expires_at === null ? { expires_at } : {}),
    id: value.id,
    object: 'file',
    bytes: typeof value.bytes === 'number' ? value.bytes : null,
    created_at: typeof value.created_at === 'number' ? value.created_at : 0,
    filename: typeof value.filename === 'string' ? value.filename : '',
    purpose: typeof value.purpose === 'string' ? value.purpose : '',
  };
}

/** @throws {ProtocolError} */
export function parseFileList(
  text: string,
  status: number,
  dialect: Pick<Dialect, 'statusOf' | 'hasMore'>,
  query: ListFilesQuery,
): FileList {
  const value = parseJson(text, status);
  if (!isObject(value) || !Array.isArray(value.data)) throw unexpected('a list of files', value, status);
  const data = value.data.map((it) => fileObjectFrom(it, status, dialect));
  return {
    object: 'list',
    data,
    first_id: typeof value.first_id === 'string' ? value.first_id : (data[0]?.id ?? null),
    last_id: typeof value.last_id === 'string' ? value.last_id : (data.at(-1)?.id ?? null),
    has_more: dialect.hasMore(value, data.length, query),
  };
}

/**
 * Reads the answer to a deletion. Some servers answer with nothing, some with the file that is gone.
 *
 * @throws {ProtocolError}
 */
export function parseFileDeleted(id: string, text: string, status: number): FileDeleted {
  if (text.trim() === '') return { id, object: 'file', deleted: true };
  const value = parseJson(text, status);
  if (!isObject(value)) throw unexpected('the answer to a deletion', value, status);
  if (value.id !== undefined && value.id !== id)
    throw new ProtocolError(`the server answered about another file than ${id}`, { status });
  // Some report an error with success.
  if (value.id === undefined && typeof value.deleted !== 'boolean')
    throw unexpected('the answer to a deletion', value, status);
  return { id, object: 'file', deleted: value.deleted !== false };
}

function parseJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause: that would quote the answer.
    throw new ProtocolError(`the answer (${status}) is not JSON`, {
      status,
      hint: 'is this the address of an API, and not of a web page? most base URLs end in /v1',
    });
  }
}

function unexpected(wanted: string, value: unknown, status: number): ProtocolError {
  const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a JSON ${typeof value}`;
  return new ProtocolError(`the answer (${status}) is ${kind} instead of ${wanted}`, { status });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
