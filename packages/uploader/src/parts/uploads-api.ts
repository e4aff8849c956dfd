import { BadRequestError, ConflictError } from '../api-errors.js';
import type { Call } from '../call.js';
import type { ExpiresAfter } from '../create-file-options.js';
import { ProtocolError } from '../errors.js';
import { checkFileId, fileObjectFrom } from '../file-object.js';
import { callJson, jsonBody } from '../json-call.js';
import { type PostOutcome, postForFile, type Upload } from '../post-file.js';
import type { FileObject } from '../types.js';

/** An upload that the server holds open for parts. */
export interface OpenUpload {
  readonly id: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly expiresAt: number;
}

/** "An Upload expires an hour after you create it" (OpenAI's reference); for servers that do not say. */
const LIFETIME_MS = 3_600_000;

export interface NewUpload {
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly mimeType: string;
  readonly expiresAfter: ExpiresAfter | undefined;
}

/** Opens an upload. Tried again freely: one whose answer was lost holds nothing and expires. */
export async function createUpload(call: Call, upload: NewUpload): Promise<OpenUpload> {
  const { filename, purpose, bytes, mimeType, expiresAfter } = upload;
  const { data, headers } = await callJson(call, {
    method: 'POST',
    path: 'uploads',
    body: {
      filename,
      purpose,
      bytes,
      mime_type: mimeType,
      ...(expiresAfter === undefined ? {} : { expires_after: expiresAfter }),
    },
    parse: parseUpload,
  });
  const now = call.runtime.now();
  // By the server's clock on both sides, so that a wrong clock on this machine changes nothing.
  const serverNow = Date.parse(headers.date ?? '');
  const left = data.expiresAt === null ? LIFETIME_MS : data.expiresAt - (Number.isNaN(serverNow) ? now : serverNow);
  return { id: data.id, expiresAt: now + Math.min(left, 24 * LIFETIME_MS) };
}

/** Gives an upload up. */
export async function cancelUpload(call: Call, id: string): Promise<void> {
  await callJson(call, { method: 'POST', path: uploadPath(id, 'cancel'), parse: () => undefined });
}

/** Makes the file of the parts: once. What becomes of a lost answer is for the caller to find out. */
export function completeUpload(
  upload: Upload,
  id: string,
  content: { partIds: readonly string[]; md5: string | undefined },
  trace: Parameters<typeof postForFile>[2],
): Promise<PostOutcome> {
  const { partIds, md5 } = content;
  const body = jsonBody({ part_ids: partIds, ...(md5 === undefined ? {} : { md5 }) });
  return postForFile(
    upload,
    {
      path: uploadPath(id, 'complete'),
      body,
      contentType: 'application/json',
      parse: (text, status) => fileOfUpload(upload.call, text, status),
      idIn: (text) => /"file"\s*:\s*\{[^{}]*?"id"\s*:\s*"([\w-]{1,512})"/.exec(text)?.[1],
      // Completed by an earlier request, whose answer was lost or whose process has gone: the file may be there.
      isDoubtful: (error) =>
        (error instanceof BadRequestError || error instanceof ConflictError) &&
        /already[\w ]* complete|\bis completed\b|status\W+completed/i.test(error.message),
    },
    trace,
  );
}

export function uploadPath(id: string, action: 'parts' | 'complete' | 'cancel'): string {
  return `uploads/${encodeURIComponent(checkFileId(id))}/${action}`;
}

/** @throws {ProtocolError} may be tried again: parts and uploads that nobody names cost nothing */
export function parsePartId(text: string, status: number): string {
  return idOf(objectIn(text, status), 'part', status);
}

function parseUpload(text: string, status: number): { id: string; expiresAt: number | null } {
  const upload = objectIn(text, status);
  const expires = upload.expires_at;
  return {
    id: idOf(upload, 'upload', status),
    expiresAt: typeof expires === 'number' && Number.isFinite(expires) ? expires * 1000 : null,
  };
}

/** The file in the answer to `complete`. */
function fileOfUpload({ settings }: Call, text: string, status: number): FileObject {
  const { file } = objectIn(text, status);
  return fileObjectFrom(file ?? null, status, settings.dialect);
}

function objectIn(text: string, status: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, without the cause: that would quote the answer.
  }
  throw new ProtocolError(`the answer (${status}) is not a JSON object`, { status, retryable: true });
}

function idOf({ id }: Record<string, unknown>, what: string, status: number): string {
  if (isUsableId(id)) return id;
  throw new ProtocolError(`the answer (${status}) names no ${what}`, { status, retryable: true });
}

/** An id that can stand in a path and in a journal. */
export function isUsableId(id: unknown): id is string {
  if (typeof id !== 'string' || id.length > 512) return false;
  try {
    return checkFileId(id) === id;
  } catch {
    return false;
  }
}
