import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.js';
import { RejectedRequestError } from './errors.js';
import type { FileStore } from './store.js';
import type { StoredFile } from './stored-file.js';

interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * The content of a file, or one range of it (RFC 9110, section 14). A request for several ranges gets the whole, as the
 * standard allows.
 *
 * @throws RejectedRequestError 416
 */
export async function downloadFile(headers: IncomingHttpHeaders, store: FileStore, file: StoredFile): Promise<Answer> {
  const etag = `"${file.id}"`;
  const range = headers['if-range'] === undefined || headers['if-range'] === etag ? rangeOf(headers.range, file) : null;
  const content = await store.open(file);
  try {
    const { size } = await content.stat();
    if (size !== file.bytes) throw new Error(`The content of ${file.id} on disk has ${size} bytes, not ${file.bytes}.`);
  } catch (error) {
    await content.close();
    throw error;
  }
  const { start, end } = range ?? { start: 0, end: file.bytes };
  return {
    status: range === null ? 200 : 206,
    headers: {
      etag,
      'accept-ranges': 'bytes',
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${file.bytes}` }),
    },
    body: {
      kind: 'stored',
      length: end - start,
      read: () => content.createReadStream({ start, end: Math.max(start, end - 1), autoClose: false }),
      close: () => content.close(),
    },
  };
}

function rangeOf(header: string | undefined, file: StoredFile): Range | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return null;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, file.bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? file.bytes : Math.min(file.bytes, Number(last) + 1);
  if (start < end) return { start, end };
  throw new RejectedRequestError({
    status: 416,
    message: `The file has ${file.bytes} bytes: ${header} is not a part of it.`,
    code: 'range_not_satisfiable',
    headers: { 'content-range': `bytes */${file.bytes}` },
  });
}
