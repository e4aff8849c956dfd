import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { type Answer, bytesAnswer } from './answer.js';
import { InterruptedRequestError, RejectedRequestError } from './errors.js';
import type { Exchange } from './exchange.js';
import type { FileStore, PendingFile } from './store.js';
import type { StoredFile } from './stored-file.js';

/** Where a client brings the content of a file, apart from the API: an object store as Together uses one. */
export interface Storage {
  /** A place for one file. @param origin of the store */
  offer(filename: string, purpose: string, origin: string): { readonly id: string; readonly location: string };
  /** `PUT` of the content. Answers as S3 does: with no body, and errors as XML. */
  receive(exchange: Exchange): Promise<Answer>;
  /** Makes a file of what was brought; `undefined` where nothing was. @param createdAt Unix time in seconds */
  take(id: string, createdAt: number): Promise<StoredFile | undefined>;
}

interface Offer {
  readonly signature: string;
  readonly filename: string;
  readonly purpose: string;
  readonly pending: PendingFile;
  content: { readonly bytes: number; readonly lines: number } | undefined;
}

const PATH = /^\/storage\/(file-[A-Za-z0-9]{24})$/;

export function createStorage(store: FileStore, maxFileBytes: number): Storage {
  const offers = new Map<string, Offer>();
  return {
    offer(filename, purpose, origin) {
      const pending = store.begin();
      const signature = randomBytes(16).toString('hex');
      offers.set(pending.id, { signature, filename, purpose, pending, content: undefined });
      const { id } = pending;
      return { id, location: `${origin}/storage/${id}?X-Amz-Expires=3600&X-Amz-Signature=${signature}` };
    },
    async receive({ request, method, path, query, acceptBody }) {
      const offer = offers.get(PATH.exec(path)?.[1] ?? '');
      if (offer === undefined) return refuse(404, 'NoSuchKey', 'There is nothing under this address.');
      if (method !== 'PUT') return refuse(405, 'MethodNotAllowed', 'The content is brought by PUT.');
      // As S3: whoever sends a key along gives it to somebody whom it does not concern.
      if (request.headers.authorization !== undefined || request.headers['api-key'] !== undefined) {
        return refuse(400, 'InvalidArgument', 'Only one auth mechanism allowed: the signature in the address.');
      }
      if (query.get('X-Amz-Signature') !== offer.signature) {
        return refuse(403, 'SignatureDoesNotMatch', 'The signature is not the one that was given.');
      }
      const length = Number(request.headers['content-length'] ?? Number.NaN);
      if (Number.isNaN(length)) return refuse(411, 'MissingContentLength', 'Send a Content-Length.');
      if (length > maxFileBytes) return refuse(400, 'EntityTooLarge', `At most ${maxFileBytes} bytes.`);
      acceptBody();
      // A PUT may be repeated: the last one counts.
      await offer.pending.discard();
      offer.content = undefined;
      offer.content = await receiveContent(request, offer.pending);
      return bytesAnswer(200, '', '', { etag: `"${offer.signature}"` });
    },
    async take(id, createdAt) {
      const offer = offers.get(id);
      if (offer?.content === undefined) return undefined;
      const { filename, purpose, content, pending } = offer;
      offers.delete(id);
      return pending.commit({ filename, purpose, ...content, created_at: createdAt, expires_at: null });
    },
  };
}

async function receiveContent(request: IncomingMessage, pending: PendingFile) {
  let lines = 0;
  let last = 10;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
      last = chunk.at(-1) ?? last;
      done(null, chunk);
    },
  });
  request.on('error', (error) => count.destroy(error));
  request.on('close', () => {
    if (!request.readableEnded)
      count.destroy(new InterruptedRequestError('The connection ended before the request did.'));
  });
  try {
    const bytes = await pending.receive(request.pipe(count));
    return { bytes, lines: last === 10 ? lines : lines + 1 };
  } catch (error) {
    await pending.discard();
    if (request.destroyed && !request.readableEnded) {
      throw new InterruptedRequestError('The connection ended before the request did.', { cause: error });
    }
    throw error;
  }
}

function refuse(status: number, code: string, message: string): Answer {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return bytesAnswer(status, 'application/xml', xml);
}

/** What `POST /files` asks for, wherever a client puts it. @throws RejectedRequestError 400 */
export async function readOfferRequest(exchange: Exchange): Promise<{ filename: string; purpose: string }> {
  exchange.acceptBody();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of exchange.request) {
    bytes += Buffer.from(chunk).length;
    if (bytes > 65_536) throw new RejectedRequestError({ status: 413, message: 'This request takes no file.' });
    chunks.push(Buffer.from(chunk));
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const fields = exchange.request.headers['content-type']?.startsWith('application/json')
    ? new URLSearchParams(stringsOf(text))
    : new URLSearchParams(text);
  const find = (name: string) => {
    const value = fields.get(name) ?? exchange.query.get(name);
    if (value !== null && value !== '') return value;
    throw new RejectedRequestError({ status: 400, message: `Missing required parameter: '${name}'.`, param: name });
  };
  return { filename: find('file_name'), purpose: find('purpose') };
}

function stringsOf(json: string): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(json)).map(([name, value]) => [name, String(value)]));
  } catch {
    throw new RejectedRequestError({ status: 400, message: 'The JSON body of the request cannot be parsed.' });
  }
}
