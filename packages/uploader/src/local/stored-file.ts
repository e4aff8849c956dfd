import type { FilePurpose } from '../types.js';
import { createId, isId } from './identifier.js';

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
  readonly purpose: string;
  /** Unix time in seconds; from then on the file is gone. */
  readonly expires_at: number | null;
  /** Counts files in the order of their completion: the tie-break among files of one second. */
  readonly sequence: number;
  /** Lines of the content, where they were counted. */
  readonly lines?: number;
}

export const createFileId = () => createId('file-');

export function isFileId(text: string): boolean {
  return isId('file-', text);
}

/** What a server says about how far it is with a file. */
export interface FileState {
  readonly status: string;
  /** Why the processing failed. */
  readonly status_details: string | null;
}

/** The file object as OpenAI shows it. */
export function toFileObject(file: StoredFile, { status, status_details }: FileState) {
  return {
    id: file.id,
    object: 'file',
    bytes: file.bytes,
    created_at: file.created_at,
    filename: file.filename,
    purpose: file.purpose,
    status,
    status_details,
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
    typeof fields.get('purpose') === 'string' &&
    (fields.get('lines') === undefined || isCount('lines'))
  );
}
