import { randomBytes } from 'node:crypto';
import type { FilePurpose } from '../types.js';

/** The purposes a file may be created for, in the order of `CreateFileRequest.purpose` in OpenAI's OpenAPI description. */
export const PURPOSES = [
  'assistants',
  'batch',
  'fine-tune',
  'vision',
  'user_data',
  'evals',
] as const satisfies readonly FilePurpose[];

/** What the server knows about a file. */
export interface StoredFile {
  readonly id: string;
  readonly bytes: number;
  /** Unix time in seconds. */
  readonly created_at: number;
  readonly filename: string;
  readonly purpose: FilePurpose;
  /** Unix time in seconds; from then on the file is gone. */
  readonly expires_at: number | null;
  /** Counts files in the order of their completion: the tie-break among files of one second. */
  readonly sequence: number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const FILE_ID = /^file-[A-Za-z0-9]{24}$/;

/** `file-` and 24 random characters: 142 bits, so that ids neither collide nor can be guessed. */
export function createFileId(): string {
  let id = '';
  while (id.length < 24) {
    for (const byte of randomBytes(32)) {
      // 248 is the largest multiple of 62 in a byte: dropping the rest keeps every character equally likely.
      if (byte < 248 && id.length < 24) id += ALPHABET[byte % 62];
    }
  }
  return `file-${id}`;
}

export function isFileId(text: string): boolean {
  return FILE_ID.test(text);
}

/** The file object as OpenAI shows it. The server checks nothing after the upload, so every file is `processed` at once. */
export function toFileObject(file: StoredFile) {
  return {
    id: file.id,
    object: 'file',
    bytes: file.bytes,
    created_at: file.created_at,
    filename: file.filename,
    purpose: file.purpose,
    status: 'processed',
    status_details: null,
    expires_at: file.expires_at,
  } as const;
}

/** Reads the metadata that {@link serializeMetadata} wrote; `undefined` for anything else. */
export function parseMetadata(text: string): StoredFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isStoredFile(value) ? value : undefined;
}

export function serializeMetadata(file: StoredFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function isStoredFile(value: unknown): value is StoredFile {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const isCount = (name: string) => {
    const field = fields.get(name);
    return Number.isSafeInteger(field) && Number(field) >= 0;
  };
  return (
    isFileId(String(fields.get('id'))) &&
    isCount('bytes') &&
    isCount('created_at') &&
    isCount('sequence') &&
    (fields.get('expires_at') === null || isCount('expires_at')) &&
    typeof fields.get('filename') === 'string' &&
    PURPOSES.some((purpose) => purpose === fields.get('purpose'))
  );
}
