import { createHash } from 'node:crypto';
import { errorBody, fileObject } from './fault-files.js';
import type { Exchange, StoredFile } from './fault-server.js';
import { parseMultipart } from './strict-multipart.js';

/** The Uploads API of the fault server: strict in what OpenAI's reference is strict in. */
export interface UploadsStore {
  readonly uploads: Map<string, StoredUpload>;
  readonly parts: Map<string, StoredPart>;
}

export interface StoredUpload {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly body: Record<string, unknown>;
  status: 'pending' | 'completed' | 'cancelled' | 'expired';
  /** The body of `complete`. */
  completion?: { readonly part_ids: string[]; readonly md5?: string };
  file?: StoredFile;
}

export interface StoredPart {
  readonly id: string;
  readonly uploadId: string;
  readonly content: Buffer;
}

export type UploadOperation = 'upload' | 'part' | 'complete' | 'cancel';

export function createUploadsStore(): UploadsStore {
  return { uploads: new Map(), parts: new Map() };
}

export function uploadOperation(method: string | undefined, id: string, action: string): UploadOperation | undefined {
  if (method !== 'POST') return undefined;
  if (id === '') return 'upload';
  if (action === 'parts') return 'part';
  return action === 'complete' || action === 'cancel' ? action : undefined;
}

/** The right answer to a request of the Uploads API. */
export async function behaveAsUploads(exchange: Exchange, operation: UploadOperation, id: string): Promise<void> {
  const { json, server } = exchange;
  const { uploads, parts } = server.uploadsStore;
  const body = await exchange.readBody();
  if (operation === 'upload') {
    const asked = JSON.parse(body.toString()) as Record<string, unknown>;
    const { filename, purpose, bytes } = asked;
    if (typeof filename !== 'string' || typeof purpose !== 'string' || typeof bytes !== 'number') {
      return json(400, errorBody('missing field'));
    }
    const made: StoredUpload = {
      id: `upload_${uploads.size + 1}`,
      filename,
      purpose,
      bytes,
      body: asked,
      status: 'pending',
    };
    uploads.set(made.id, made);
    return json(200, uploadObject(made, server.uploadLifetime));
  }
  const upload = uploads.get(id);
  if (upload === undefined) return json(404, errorBody(`No such Upload object: ${id}`));
  if (upload.status !== 'pending') {
    return json(400, errorBody(`The upload is already ${upload.status}.`, { type: 'invalid_request_error' }));
  }
  if (operation === 'cancel') {
    upload.status = 'cancelled';
    return json(200, uploadObject(upload));
  }
  if (operation === 'part') {
    const [part, ...others] = parseMultipart(body, exchange.request.headers['content-type'] ?? '');
    if (part?.name !== 'data' || others.length > 0) return json(400, errorBody('one field, data, is wanted'));
    const kept: StoredPart = { id: `part_${parts.size + 1}`, uploadId: id, content: part.content };
    parts.set(kept.id, kept);
    return json(200, { id: kept.id, object: 'upload.part', created_at: 1_700_000_000, upload_id: id });
  }
  const completion = JSON.parse(body.toString()) as { part_ids: string[]; md5?: string };
  const content = Buffer.concat(completion.part_ids.map((it) => parts.get(it)?.content ?? Buffer.from('missing')));
  if (content.length !== upload.bytes) return json(400, errorBody(`${content.length} bytes, not ${upload.bytes}`));
  const md5 = createHash('md5').update(content).digest('hex');
  if (completion.md5 !== undefined && completion.md5 !== md5) return json(400, errorBody('the md5 does not match'));
  upload.status = 'completed';
  upload.completion = completion;
  upload.file = server.store({ content, bytes: content.length, filename: upload.filename, purpose: upload.purpose });
  return json(200, { ...uploadObject(upload), file: fileObject(upload.file) });
}

function uploadObject(upload: StoredUpload, lifetime = 3600): Record<string, unknown> {
  const { id, filename, purpose, bytes, status } = upload;
  const now = Math.floor(Date.now() / 1000);
  return { id, object: 'upload', created_at: now, filename, purpose, bytes, status, expires_at: now + lifetime };
}
