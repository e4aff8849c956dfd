import type { IncomingMessage } from 'node:http';
import type { Exchange, Operation, StoredFile } from './fault-server.js';
import { behaveAsUploads, uploadOperation } from './fault-uploads.js';

/** What a request asks for. */
export interface Requested {
  readonly operation: Operation | 'other';
  readonly id: string;
  readonly query: URLSearchParams;
}

export function requestedOf(request: IncomingMessage): Requested {
  const url = new URL(request.url ?? '/', 'http://server');
  const [, version, files, id = '', content] = url.pathname.split('/');
  const query = url.searchParams;
  const { method } = request;
  const at = (operation: Operation | 'other') => ({ operation, id: decodeURIComponent(id), query });
  if (version === 'v1' && files === 'uploads') return at(uploadOperation(method, id, content ?? '') ?? 'other');
  if (version !== 'v1' || files !== 'files') return at('other');
  if (id === '') return at(method === 'POST' ? 'create' : method === 'GET' ? 'list' : 'other');
  if (content === 'content') return at('content');
  return at(method === 'GET' ? 'retrieve' : method === 'DELETE' ? 'delete' : 'other');
}

/** The right answer. */
export async function behaveAsFiles(exchange: Exchange, { operation, id, query }: Requested): Promise<void> {
  const { server, json, response } = exchange;
  const file = server.files.get(id);
  const missing = () =>
    json(404, errorBody(`No such File object: ${id}`, { type: 'invalid_request_error', param: 'id', code: null }));
  switch (operation) {
    case 'create': {
      json(200, fileObject(await exchange.readAndStore()));
      return;
    }
    case 'list': {
      const data = [...server.files.values()]
        .filter((it) => (query.get('purpose') ?? it.purpose) === it.purpose)
        .sort((a, b) => b.created_at - a.created_at);
      const from = data.findIndex((it) => it.id === query.get('after')) + 1;
      const limit = Number(query.get('limit') ?? 10_000);
      const page = data.slice(from, from + limit).map(fileObject);
      const ends = { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
      json(200, { object: 'list', data: page, ...ends, has_more: from + limit < data.length });
      return;
    }
    case 'retrieve':
      if (file === undefined) missing();
      else json(200, fileObject(file));
      return;
    case 'delete':
      if (file === undefined) return missing();
      server.files.delete(id);
      json(200, { id, object: 'file', deleted: true });
      return;
    case 'content':
      if (file === undefined) return missing();
      response.writeHead(200, { 'content-length': file.content?.length ?? 0 });
      response.end(file.content);
      return;
    case 'upload':
    case 'part':
    case 'complete':
    case 'cancel':
      if (server.hasUploads) await behaveAsUploads(exchange, operation, id);
      else await invalidUrl(exchange);
      return;
    default:
      await invalidUrl(exchange);
  }
}

async function invalidUrl({ readBody, json }: Exchange): Promise<void> {
  // Read first: an answer before the body, and a close behind it, can meet as a reset on the other side.
  await readBody();
  json(404, errorBody('Invalid URL'));
}

export function fileObject(file: StoredFile): Record<string, unknown> & { id: string } {
  const { id, bytes, created_at, filename, purpose } = file;
  return { id, object: 'file', bytes, created_at, filename, purpose, status: file.status ?? 'processed' };
}

export function errorBody(
  message: string,
  more: { type?: string; param?: string | null; code?: string | null } = {},
): Record<string, unknown> {
  return { error: { message, type: 'server_error', param: null, code: null, ...more } };
}
