import { createHash } from 'node:crypto';
import type { FileObject, FilesClient } from '@tunegate/uploader';

/** What a file on the server must be to make an upload needless. */
export interface WantedFile {
  readonly purpose: string;
  /** The name as it is sent. */
  readonly filename: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A file in one of these states is of no use to anybody. */
const USELESS: ReadonlySet<string | undefined> = new Set(['error', 'failed', 'deleting', 'deleted']);

/**
 * The newest file on the server that holds the same bytes.
 *
 * @param by `name`: by its size and a name that holds the SHA-256; `content`: files of the same size are downloaded and
 *   their SHA-256 compared
 */
export async function findExisting(
  client: FilesClient,
  wanted: WantedFile,
  by: 'name' | 'content',
  signal: AbortSignal,
): Promise<FileObject | undefined> {
  const found: FileObject[] = [];
  for await (const file of client.iterateFiles({ purpose: wanted.purpose }, { signal })) {
    const hasSize = file.bytes === wanted.bytes || file.bytes === null;
    // A server that takes no notice of the purpose lists them all.
    const hasPurpose = file.purpose === wanted.purpose || file.purpose === '';
    if (hasSize && hasPurpose && !USELESS.has(file.status)) found.push(file);
  }
  found.sort((a, b) => b.created_at - a.created_at);
  for (const file of found) {
    const isSame =
      by === 'name'
        ? unescaped(file.filename) === unescaped(wanted.filename)
        : (await digestOf(client, file.id, wanted.bytes, signal)) === wanted.sha256;
    if (isSame) return file;
  }
  return undefined;
}

/** Three characters travel percent-encoded, and some servers keep them so (WHATWG HTML, multipart/form-data). */
function unescaped(name: string): string {
  return name.replace(/%(?:22|0D|0A)/gi, decodeURIComponent);
}

/** `undefined` for a content that is longer: it need not be read to its end, if it has one. */
async function digestOf(
  client: FilesClient,
  id: string,
  most: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { body } = await client.downloadFile(id, { stream: true, signal });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) return undefined;
    hash.update(chunk);
  }
  return hash.digest('hex');
}
