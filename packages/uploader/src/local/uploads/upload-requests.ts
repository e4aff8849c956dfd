import { type Answer, jsonAnswer } from '../answer.js';
import { lastSegment } from '../content-disposition.js';
import { missing } from '../create-form.js';
import { badRequest } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { defaultExpiry, requireAnchor, requireSeconds } from '../expiry.js';
import { readJsonObject } from '../json-body.js';
import { readForm } from '../multipart.js';
import type { StoredFile } from '../stored-file.js';
import type { Upload, UploadStore } from './upload-store.js';

/** "An Upload can accept at most 8 GB in total", read as binary units. Source: `POST /uploads`, OpenAI's OpenAPI description. */
const MAX_UPLOAD_BYTES = 8_589_934_592;

/** "Each Part can be at most 64 MB", which the official helper reads as 64 MiB. Source: `POST /uploads/{upload_id}/parts`, ibidem. */
const MAX_PART_BYTES = 67_108_864;

/** Far more than the boundaries and the head of one part need. */
const FRAMING_BYTES = 65_536;

/** Source: `CreateUploadRequest.purpose`, ibidem: fewer than a file can have. */
const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision'] as const;

/** What the operations of the Uploads API need of the server around them. */
export interface UploadContext {
  readonly uploads: UploadStore;
  /** Limit of one request body, framing included. */
  readonly maxFileBytes: number;
  /** The file object of a file that has just been completed, or was before. */
  describe(file: StoredFile): { readonly id: string };
  /** Called once for each file that comes to be. */
  onCreated(file: StoredFile): void;
}

/** @throws RejectedRequestError 400 */
export async function createUpload(exchange: Exchange, context: UploadContext): Promise<Answer> {
  const fields = await readJsonObject(exchange);
  refuseUnknown(fields, ['filename', 'purpose', 'bytes', 'mime_type', 'expires_after']);
  const filename = lastSegment(requireText(fields, 'filename'));
  requireText(fields, 'mime_type');
  const sent = requireText(fields, 'purpose');
  const purpose = PURPOSES.find((known) => known === sent);
  if (purpose === undefined) throw invalid('purpose', `expected one of ${PURPOSES.join(', ')}`);
  const bytes = fields.get('bytes');
  if (bytes === undefined) throw missing('bytes');
  if (typeof bytes !== 'number' || !Number.isInteger(bytes) || bytes < 1 || bytes > MAX_UPLOAD_BYTES) {
    throw invalid('bytes', `expected a whole number from 1 to ${MAX_UPLOAD_BYTES}`);
  }
  const fileLifetime = expiryOf(fields.get('expires_after')) ?? defaultExpiry(purpose);
  return uploadAnswer(await context.uploads.create({ filename, purpose, bytes, fileLifetime }), context);
}

/** @throws RejectedRequestError 400, 404, 413 */
export async function addUploadPart(exchange: Exchange, id: string, context: UploadContext): Promise<Answer> {
  const limit = Math.min(MAX_PART_BYTES + FRAMING_BYTES, context.maxFileBytes);
  const part = await context.uploads.addPart(id, async (write) => {
    let bytes: number | undefined;
    await readForm(exchange, limit, async ({ name }, content) => {
      if (name !== 'data') throw badRequest(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
      if (bytes !== undefined) throw badRequest("Duplicate parameter: 'data'.", 'data', 'duplicate_parameter');
      bytes = 0;
      bytes = await write(content);
    });
    if (bytes === undefined) throw missing('data');
    if (bytes === 0) throw invalid('data', 'the part is empty');
    if (bytes > MAX_PART_BYTES) throw invalid('data', `expected at most ${MAX_PART_BYTES} bytes`);
  });
  return jsonAnswer({ id: part.id, object: 'upload.part', created_at: part.created_at, upload_id: part.upload_id });
}

/** @throws RejectedRequestError 400, 404 */
export async function completeUpload(exchange: Exchange, id: string, context: UploadContext): Promise<Answer> {
  const fields = await readJsonObject(exchange);
  refuseUnknown(fields, ['part_ids', 'md5']);
  const partIds = fields.get('part_ids');
  if (partIds === undefined) throw missing('part_ids');
  if (!Array.isArray(partIds) || !partIds.every((partId): partId is string => typeof partId === 'string')) {
    throw invalid('part_ids', 'expected a list of ids of parts');
  }
  const md5 = fields.get('md5') ?? undefined;
  if (md5 !== undefined && !(typeof md5 === 'string' && /^[0-9a-f]{32}$/i.test(md5))) {
    throw invalid('md5', 'expected 32 hexadecimal digits');
  }
  const upload = await context.uploads.complete(id, partIds, md5);
  if (upload.file !== null) context.onCreated(upload.file);
  return uploadAnswer(upload, context);
}

/** @throws RejectedRequestError 400, 404 */
export async function cancelUpload(id: string, context: UploadContext): Promise<Answer> {
  return uploadAnswer(await context.uploads.cancel(id), context);
}

function uploadAnswer(upload: Upload, { describe }: UploadContext): Answer {
  const { id, bytes, created_at, expires_at, filename, purpose, status, file } = upload;
  const described = file === null ? null : describe(file);
  const object = 'upload' as const;
  return jsonAnswer({ id, object, bytes, created_at, filename, purpose, status, expires_at, file: described });
}

function requireText(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw missing(name);
  if (typeof value !== 'string' || value === '') throw invalid(name, 'expected a string that is not empty');
  return value;
}

function expiryOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') throw invalid('expires_after', 'expected an object');
  const fields = new Map<string, unknown>(Object.entries(value));
  requireAnchor('expires_after.anchor', fields.get('anchor'));
  const seconds = fields.get('seconds');
  return requireSeconds('expires_after.seconds', typeof seconds === 'number' ? seconds : Number.NaN);
}

function refuseUnknown(fields: ReadonlyMap<string, unknown>, known: readonly string[]): void {
  const unknown = [...fields.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`Unknown parameter: '${unknown}'.`, unknown, 'unknown_parameter');
}

function invalid(name: string, expectation: string) {
  return badRequest(`Invalid '${name}': ${expectation}.`, name, 'invalid_value');
}
