import { isLoopbackName } from '../loopback.js';
import { type Answer, bytesAnswer, jsonAnswer } from './answer.js';
import { type CreateFileContext, createFile } from './create-file.js';
import type { ServerDialect } from './dialects/dialect.js';
import { downloadFile } from './download-file.js';
import { noSuchFile, RejectedRequestError } from './errors.js';
import type { Exchange } from './exchange.js';
import type { LocalOperation } from './operation.js';
import type { Processing } from './processing.js';
import { readOfferRequest, type Storage } from './storage.js';
import type { FileStore } from './store.js';
import { isFileId, type StoredFile } from './stored-file.js';
import {
  addUploadPart,
  cancelUpload,
  completeUpload,
  createUpload,
  type UploadContext,
} from './uploads/upload-requests.js';
import type { UploadStore } from './uploads/upload-store.js';

/** An API as a function from a request to an answer, and what a request asks for. */
export interface LocalApi {
  /** `null` where no operation has this method and path. */
  operationOf(exchange: Exchange): LocalOperation | null;
  /**
   * Does what the request asks for.
   *
   * @throws InterruptedRequestError if the client went away; anything else is a failure of the server itself
   */
  respond(exchange: Exchange): Promise<Answer>;
}

/** What the API is made of. */
export interface ApiParts {
  readonly store: FileStore;
  readonly uploads: UploadStore;
  readonly processing: Processing;
  readonly dialect: ServerDialect;
  readonly maxFileBytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** For dialects whose files arrive elsewhere. */
  readonly storage: { readonly desk: Storage; readonly origin: string } | undefined;
}

interface Context extends ApiParts, CreateFileContext, UploadContext {}

/** The operations of the API. All that is asked of a key is that there is one, and of the host that it is this machine. */
export function createFilesApi(parts: ApiParts): LocalApi {
  const { dialect, processing } = parts;
  const context: Context = {
    ...parts,
    describe: (file) => dialect.describe(file, processing.stateOf(file, false)),
    onCreated: processing.begin,
  };
  return {
    operationOf({ method, path, query }) {
      return findRoute(dialect.relativePath(path, query), context)?.[method]?.operation ?? null;
    },
    async respond(exchange) {
      try {
        requireLoopbackHost(exchange.request.headers.host);
        const { run } = findHandler(exchange, context);
        dialect.requireKey(exchange.request.headers);
        return await run(exchange);
      } catch (error) {
        if (error instanceof RejectedRequestError) {
          return jsonAnswer(dialect.describeError(error), error.status, error.headers);
        }
        throw error;
      }
    },
  };
}

interface Handler {
  readonly operation: LocalOperation;
  run(exchange: Exchange): Promise<Answer>;
}

/** By method. */
type Route = Readonly<Partial<Record<string, Handler>>>;

function findHandler(exchange: Exchange, context: Context): Handler {
  const route = findRoute(context.dialect.relativePath(exchange.path, exchange.query), context);
  if (route === undefined) {
    const message = `There is no route ${exchange.method} ${exchange.path} on this server.`;
    throw new RejectedRequestError({ status: 404, message, code: 'unknown_url' });
  }
  const methods = Object.keys(route);
  const handler = methods.includes(exchange.method) ? route[exchange.method] : undefined;
  if (handler === undefined) {
    const message = `${exchange.path} takes ${methods.join(' and ')}, not ${exchange.method}.`;
    throw new RejectedRequestError({
      status: 405,
      message,
      code: 'method_not_allowed',
      headers: { allow: methods.join(', ') },
    });
  }
  return handler;
}

/** @param path behind the base of the API */
function findRoute(path: string | undefined, context: Context): Route | undefined {
  const [root, collection, segment, action, ...more] = path?.split('/') ?? [];
  if (root !== '' || more.length > 0 || segment === '') return undefined;
  const id = segment === undefined ? undefined : decodeSegment(segment);
  if (collection === 'files') return id === undefined ? filesRoute(context) : fileRoute(id, action, context);
  if (collection === 'uploads') return uploadsRoute(id, action, context);
  return undefined;
}

function filesRoute(context: Context): Route {
  const { dialect, store, storage } = context;
  return {
    GET: {
      operation: 'listFiles',
      run: async ({ query }) => jsonAnswer(dialect.list(store.all(), query, context.describe)),
    },
    POST: {
      operation: 'createFile',
      run: (exchange) => (storage === undefined ? createFile(exchange, context) : offerStorage(exchange, context)),
    },
  };
}

function fileRoute(id: string, action: string | undefined, context: Context): Route | undefined {
  const { store, dialect, processing, storage } = context;
  const find = (): StoredFile => {
    const file = isFileId(id) ? store.get(id) : undefined;
    if (file === undefined) throw noSuchFile(id, 'id');
    return file;
  };
  switch (action) {
    case undefined:
      return {
        GET: {
          operation: 'retrieveFile',
          async run() {
            const file = find();
            return jsonAnswer(dialect.describe(file, processing.stateOf(file, true)));
          },
        },
        DELETE: {
          operation: 'deleteFile',
          async run() {
            await store.remove(find());
            return jsonAnswer({ id, object: 'file', deleted: true });
          },
        },
      };
    case 'content':
      return {
        GET: { operation: 'downloadFile', run: async ({ request }) => downloadFile(request.headers, store, find()) },
      };
    case 'preprocess':
      return storage && { POST: { operation: 'preprocessFile', run: () => preprocess(id, storage.desk, context) } };
    default:
      return undefined;
  }
}

function uploadsRoute(id: string | undefined, action: string | undefined, context: Context): Route | undefined {
  // Together and Mistral have no such API.
  if (context.dialect.name === 'together' || context.dialect.name === 'mistral') return undefined;
  if (id === undefined) {
    return { POST: { operation: 'createUpload', run: (exchange) => createUpload(exchange, context) } };
  }
  switch (action) {
    case 'parts':
      return { POST: { operation: 'addUploadPart', run: (exchange) => addUploadPart(exchange, id, context) } };
    case 'complete':
      return { POST: { operation: 'completeUpload', run: (exchange) => completeUpload(exchange, id, context) } };
    case 'cancel':
      return { POST: { operation: 'cancelUpload', run: () => cancelUpload(id, context) } };
    default:
      return undefined;
  }
}

/** `POST /files` of a dialect whose files arrive elsewhere. @throws RejectedRequestError 400 */
async function offerStorage(exchange: Exchange, { storage, dialect }: Context): Promise<Answer> {
  const { filename, purpose } = await readOfferRequest(exchange);
  if (storage === undefined) throw new Error('a dialect that sends files elsewhere has a storage');
  if (!dialect.purposes.includes(purpose)) {
    const message = `Invalid 'purpose': expected one of ${dialect.purposes.join(', ')}.`;
    throw new RejectedRequestError({ status: 400, message, param: 'purpose', code: 'invalid_value' });
  }
  const { id, location } = storage.desk.offer(filename, purpose, storage.origin);
  return bytesAnswer(302, '', '', { location, 'x-together-file-id': id });
}

/** @throws RejectedRequestError 404 */
async function preprocess(id: string, desk: Storage, context: Context): Promise<Answer> {
  const file = (await desk.take(id, Math.floor(context.clock() / 1000))) ?? context.store.get(id);
  if (file === undefined) throw noSuchFile(id, 'id');
  context.onCreated(file);
  return jsonAnswer(context.describe(file));
}

/** The store of a dialect whose files arrive elsewhere: an origin of its own. */
export function createStorageApi(desk: Storage): LocalApi {
  return {
    operationOf: ({ method }) => (method === 'PUT' ? 'storeContent' : null),
    respond: (exchange) => desk.receive(exchange),
  };
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

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
