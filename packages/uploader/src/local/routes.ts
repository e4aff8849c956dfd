import { isLoopbackName } from '../loopback.js';
import { type Answer, errorAnswer, jsonAnswer } from './answer.js';
import { type CreateFileContext, createFile } from './create-file.js';
import { downloadFile } from './download-file.js';
import { noSuchFile, RejectedRequestError } from './errors.js';
import type { Exchange } from './exchange.js';
import { listPage, parseListQuery } from './listing.js';
import type { LocalOperation } from './operation.js';
import { isFileId, toFileObject } from './stored-file.js';

/** The API as a function from a request to an answer, and what a request asks for. */
export interface FilesApi {
  /** `null` where no operation has this method and path. */
  operationOf(exchange: Pick<Exchange, 'method' | 'path'>): LocalOperation | null;
  /**
   * Does what the request asks for.
   *
   * @throws InterruptedRequestError if the client went away; anything else is a failure of the server itself
   */
  respond(exchange: Exchange): Promise<Answer>;
}

/** The operations of the Files API. All that is asked of a key is that there is one, and of the host that it is this machine. */
export function createFilesApi(context: CreateFileContext): FilesApi {
  return {
    operationOf({ method, path }) {
      return findRoute(path, context)?.[method]?.operation ?? null;
    },
    async respond(exchange) {
      try {
        requireLoopbackHost(exchange.request.headers.host);
        const { run } = findHandler(exchange, context);
        requireKey(exchange.request.headers.authorization);
        return await run(exchange);
      } catch (error) {
        if (error instanceof RejectedRequestError) return errorAnswer(error);
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

const FILE_PATH = /^\/v1\/files\/([^/]+)(\/content)?$/;

function findHandler(exchange: Exchange, context: CreateFileContext): Handler {
  const route = findRoute(exchange.path, context);
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

function findRoute(path: string, context: CreateFileContext): Route | undefined {
  const { store } = context;
  if (path === '/v1/files') {
    return {
      GET: {
        operation: 'listFiles',
        run: async ({ query }) => jsonAnswer(listPage(store.all(), parseListQuery(query))),
      },
      POST: { operation: 'createFile', run: (exchange) => createFile(exchange, context) },
    };
  }
  const match = FILE_PATH.exec(path);
  if (match === null) return undefined;
  const id = decodeSegment(match[1] ?? '');
  const find = () => {
    const file = isFileId(id) ? store.get(id) : undefined;
    if (file === undefined) throw noSuchFile(id, 'id');
    return file;
  };
  if (match[2] !== undefined) {
    return {
      GET: { operation: 'downloadFile', run: async ({ request }) => downloadFile(request.headers, store, find()) },
    };
  }
  return {
    GET: { operation: 'retrieveFile', run: async () => jsonAnswer(toFileObject(find())) },
    DELETE: {
      operation: 'deleteFile',
      async run() {
        await store.remove(find());
        return jsonAnswer({ id, object: 'file', deleted: true });
      },
    },
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
