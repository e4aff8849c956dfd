import { isLoopbackName } from '../loopback.js';
import { type CreateFileContext, createFile } from './create-file.js';
import { InterruptedRequestError, noSuchFile, RejectedRequestError } from './errors.js';
import type { Exchange } from './exchange.js';
import { listPage, parseListQuery } from './listing.js';
import { isFileId, type StoredFile, toFileObject } from './stored-file.js';

/** Answers one exchange. Resolves when the answer was handed over; rejects on a failure of the server itself. */
export type Responder = (exchange: Exchange) => Promise<void>;

/** The five operations of the Files API. All that is asked of a key is that there is one, and of the host that it is this machine. */
export function createFilesApi(context: CreateFileContext): Responder {
  return async (exchange) => {
    try {
      requireLoopbackHost(exchange.request.headers.host);
      const respond = findOperation(exchange, context);
      requireKey(exchange.request.headers.authorization);
      await respond();
    } catch (error) {
      if (error instanceof InterruptedRequestError) exchange.abort();
      else if (error instanceof RejectedRequestError) await exchange.sendError(error);
      else throw error;
    }
  };
}

type Operations = Readonly<Record<string, () => Promise<void>>>;

const FILE_PATH = /^\/v1\/files\/([^/]+)(\/content)?$/;

function findOperation(exchange: Exchange, context: CreateFileContext): () => Promise<void> {
  const operations = findRoute(exchange, context);
  if (operations === undefined) {
    const message = `There is no route ${exchange.method} ${exchange.path} on this server.`;
    throw new RejectedRequestError({ status: 404, message, code: 'unknown_url' });
  }
  const methods = Object.keys(operations);
  const operation = methods.includes(exchange.method) ? operations[exchange.method] : undefined;
  if (operation === undefined) {
    const message = `${exchange.path} takes ${methods.join(' and ')}, not ${exchange.method}.`;
    throw new RejectedRequestError({
      status: 405,
      message,
      code: 'method_not_allowed',
      headers: { allow: methods.join(', ') },
    });
  }
  return operation;
}

function findRoute(exchange: Exchange, context: CreateFileContext): Operations | undefined {
  const { store } = context;
  if (exchange.path === '/v1/files') {
    return {
      GET: async () => exchange.sendJson(200, listPage(store.all(), parseListQuery(exchange.query))),
      POST: () => createFile(exchange, context),
    };
  }
  const match = FILE_PATH.exec(exchange.path);
  if (match === null) return undefined;
  const id = decodeSegment(match[1] ?? '');
  const find = () => {
    const file = isFileId(id) ? store.get(id) : undefined;
    if (file === undefined) throw noSuchFile(id, 'id');
    return file;
  };
  if (match[2] !== undefined) return { GET: async () => sendContent(exchange, context, find()) };
  return {
    GET: async () => exchange.sendJson(200, toFileObject(find())),
    DELETE: async () => {
      await store.remove(find());
      await exchange.sendJson(200, { id, object: 'file', deleted: true });
    },
  };
}

async function sendContent(exchange: Exchange, { store }: CreateFileContext, file: StoredFile): Promise<void> {
  const content = await store.open(file);
  try {
    const { size } = await content.stat();
    if (size !== file.bytes) throw new Error(`The content of ${file.id} on disk has ${size} bytes, not ${file.bytes}.`);
    await exchange.sendBytes(content.createReadStream({ autoClose: false }), size);
  } finally {
    await content.close();
  }
}

/**
 * A web page can reach this server by letting its own host name resolve to 127.0.0.1 (DNS rebinding); the browser then
 * takes it for the page's own server. The name that was asked for gives it away. Any port is right: it may be forwarded.
 */
function requireLoopbackHost(host: string | undefined): void {
  const url = `http://${host}`;
  // More than a name and a port, and `URL` would find the host elsewhere in the text.
  if (host !== undefined && !/[\s/\\?#@]/.test(host) && URL.canParse(url) && isLoopbackName(new URL(url).hostname))
    return;
  const message =
    'This server answers on this machine alone: the Host of a request must be 127.0.0.1, localhost or [::1].';
  throw new RejectedRequestError({ status: 421, message, code: 'misdirected_request' });
}

function requireKey(authorization: string | undefined): void {
  if (authorization === undefined) {
    const message = "This request carries no API key: send 'Authorization: Bearer KEY'; any key will do here.";
    throw new RejectedRequestError({ status: 401, message });
  }
  if (!/^Bearer +\S+$/i.test(authorization)) {
    const message = "The Authorization header is malformed: expected 'Bearer KEY'; any key will do here.";
    throw new RejectedRequestError({ status: 401, message, code: 'invalid_api_key' });
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
