import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badRequest, RejectedRequestError } from '../errors.js';
import { createId, isId } from '../identifier.js';
import type { FileStore } from '../store.js';
import type { StoredFile } from '../stored-file.js';

/** How long an upload may take. Source: the description of `POST /uploads` in OpenAI's OpenAPI description. */
const LIFETIME_SECONDS = 3600;

/** How long the server remembers an upload that is over, so that a late request hears what became of it. */
const MEMORY_SECONDS = 86_400;

export interface UploadDetails {
  readonly filename: string;
  readonly purpose: string;
  /** What the parts together will have. */
  readonly bytes: number;
  /** Seconds from the creation of the file to its expiry; `null`: never. */
  readonly fileLifetime: number | null;
}

export interface Upload extends UploadDetails {
  readonly id: string;
  /** Unix time in seconds. */
  readonly created_at: number;
  /** Unix time in seconds. */
  readonly expires_at: number;
  readonly status: 'pending' | 'completed' | 'cancelled' | 'expired';
  /** Once it is completed. */
  readonly file: StoredFile | null;
}

export interface Part {
  readonly id: string;
  readonly upload_id: string;
  /** Unix time in seconds. */
  readonly created_at: number;
}

/** The uploads in parts of one running server: they end with it, and their parts lie on disk until they are over. */
export interface UploadStore {
  create(details: UploadDetails): Promise<Upload>;
  /** @throws RejectedRequestError 404 */
  get(id: string): Upload;
  /** Takes the content of one part. @throws RejectedRequestError 400, 404 */
  addPart(uploadId: string, receive: (write: (content: Readable) => Promise<number>) => Promise<void>): Promise<Part>;
  /** Joins the parts in that order. @param md5 hexadecimal @throws RejectedRequestError 400, 404 */
  complete(uploadId: string, partIds: readonly string[], md5: string | undefined): Promise<Upload>;
  /** @throws RejectedRequestError 400, 404 */
  cancel(uploadId: string): Promise<Upload>;
  /** As if its time were over; `false` if there is no such upload under way. */
  expire(uploadId: string): boolean;
}

interface UploadRecord extends UploadDetails {
  readonly id: string;
  readonly created_at: number;
  expires_at: number;
  state: 'pending' | 'completing' | 'completed' | 'cancelled';
  file: StoredFile | null;
  readonly parts: Map<string, number>;
}

const partName = (id: string) => `${id}.part`;

/**
 * @param directory that of `store`; parts that an earlier server left there are removed
 * @param clock milliseconds since the Unix epoch
 */
export async function openUploads(directory: string, store: FileStore, clock: () => number): Promise<UploadStore> {
  for (const name of await readdir(directory)) {
    if (name.endsWith('.part') && isId('part_', name.slice(0, -'.part'.length))) await rm(join(directory, name));
  }
  const uploads = new Map<string, UploadRecord>();
  const path = (partId: string) => join(directory, partName(partId));
  const now = () => Math.floor(clock() / 1000);
  const isExpired = (upload: UploadRecord) => upload.state === 'pending' && clock() >= upload.expires_at * 1000;

  const show = ({ parts: _, state, ...upload }: UploadRecord): Upload => {
    const status = state === 'completing' || state === 'pending' ? 'pending' : state;
    return { ...upload, status: status === 'pending' && clock() >= upload.expires_at * 1000 ? 'expired' : status };
  };

  function find(id: string): UploadRecord {
    const upload = uploads.get(id);
    if (upload !== undefined) return upload;
    throw new RejectedRequestError({ status: 404, message: `No such Upload object: ${id}`, param: 'upload_id' });
  }

  /** The code is ours: OpenAI documents none. */
  function requirePending(upload: UploadRecord): void {
    if (isExpired(upload)) throw badRequest(`The Upload ${upload.id} has expired.`, 'upload_id', 'upload_expired');
    if (upload.state === 'pending') return;
    const state = upload.state === 'completing' ? 'being completed' : `already ${upload.state}`;
    throw badRequest(`The Upload ${upload.id} is ${state}.`, 'upload_id', `upload_${upload.state}`);
  }

  async function dropParts(upload: UploadRecord): Promise<void> {
    const ids = [...upload.parts.keys()];
    upload.parts.clear();
    for (const id of ids) await rm(path(id), { force: true });
  }

  async function forgetOldUploads(): Promise<void> {
    for (const upload of [...uploads.values()]) {
      if (isExpired(upload)) await dropParts(upload);
      if (now() >= upload.expires_at + MEMORY_SECONDS && upload.state !== 'completing') uploads.delete(upload.id);
    }
  }

  /** The parts in that order, as one stream; what was read is added to the hash. */
  async function* contentOf(partIds: readonly string[], hash: Hash) {
    for (const id of partIds) {
      for await (const chunk of createReadStream(path(id))) {
        hash.update(chunk);
        yield chunk;
      }
    }
  }

  return {
    async create(details) {
      await forgetOldUploads();
      const created_at = now();
      const upload: UploadRecord = {
        id: createId('upload_'),
        ...details,
        created_at,
        expires_at: created_at + LIFETIME_SECONDS,
        state: 'pending',
        file: null,
        parts: new Map(),
      };
      uploads.set(upload.id, upload);
      return show(upload);
    },
    get: (id) => show(find(id)),
    async addPart(uploadId, receive) {
      const upload = find(uploadId);
      requirePending(upload);
      const id = createId('part_');
      let bytes = 0;
      try {
        await receive(async (content) => {
          const file = createWriteStream(path(id), { flags: 'wx', mode: 0o600, highWaterMark: 1_048_576 });
          await pipeline(content, file);
          bytes = file.bytesWritten;
          return bytes;
        });
        // It may have been completed, cancelled, or have expired while the part came.
        requirePending(upload);
      } catch (error) {
        await rm(path(id), { force: true });
        throw error;
      }
      upload.parts.set(id, bytes);
      return { id, upload_id: uploadId, created_at: now() };
    },
    async complete(uploadId, partIds, md5) {
      const upload = find(uploadId);
      requirePending(upload);
      const unknown = partIds.find((id) => !upload.parts.has(id));
      if (unknown !== undefined) throw badRequest(`No such Part object: ${unknown}`, 'part_ids', 'invalid_value');
      if (new Set(partIds).size < partIds.length) {
        throw badRequest("Invalid 'part_ids': a part is named twice.", 'part_ids', 'invalid_value');
      }
      const bytes = partIds.reduce((sum, id) => sum + (upload.parts.get(id) ?? 0), 0);
      if (bytes !== upload.bytes) {
        const message = `The parts have ${bytes} bytes together; the Upload was created for ${upload.bytes}.`;
        throw badRequest(message, 'part_ids', 'bytes_mismatch');
      }
      upload.state = 'completing';
      const pending = store.begin();
      try {
        const hash = createHash('md5');
        await pending.receive(Readable.from(contentOf(partIds, hash), { objectMode: false }));
        const actual = hash.digest('hex');
        if (md5 !== undefined && md5.toLowerCase() !== actual) {
          throw badRequest(`The md5 checksum does not match: the parts have ${actual}.`, 'md5', 'checksum_mismatch');
        }
        const created_at = now();
        const { filename, purpose, fileLifetime } = upload;
        const expires_at = fileLifetime === null ? null : created_at + fileLifetime;
        upload.file = await pending.commit({ filename, purpose, bytes, created_at, expires_at });
        upload.state = 'completed';
      } finally {
        if (upload.state === 'completing') upload.state = 'pending';
        await pending.discard();
      }
      await dropParts(upload);
      return show(upload);
    },
    async cancel(uploadId) {
      const upload = find(uploadId);
      requirePending(upload);
      upload.state = 'cancelled';
      await dropParts(upload);
      return show(upload);
    },
    expire(uploadId) {
      const upload = uploads.get(uploadId);
      if (upload?.state !== 'pending') return false;
      upload.expires_at = Math.min(upload.expires_at, now());
      return true;
    },
  };
}
