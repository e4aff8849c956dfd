import { badRequest, noSuchFile } from './errors.js';
import type { StoredFile } from './stored-file.js';

interface ListQuery {
  readonly purpose: string | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: string | undefined;
}

/** Both the default and the largest page; source: the description of `limit` in OpenAI's `GET /files`. */
const MAX_PAGE = 10_000;

/**
 * Parameters that `GET /files` does not know are ignored.
 *
 * @throws RejectedRequestError 400
 */
export function parseListQuery(parameters: URLSearchParams): ListQuery {
  const limit = parameters.get('limit');
  if (limit !== null && !(/^\d{1,5}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= MAX_PAGE)) {
    throw badRequest(`Invalid 'limit': expected a whole number from 1 to ${MAX_PAGE}.`, 'limit', 'invalid_value');
  }
  const order = parameters.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw badRequest("Invalid 'order': expected 'asc' or 'desc'.", 'order', 'invalid_value');
  }
  return {
    purpose: parameters.get('purpose') ?? undefined,
    limit: limit === null ? MAX_PAGE : Number(limit),
    order,
    after: parameters.get('after') ?? undefined,
  };
}

/**
 * One page of the files.
 *
 * @param files oldest first
 * @throws RejectedRequestError 404 where `after` names no file
 */
export function listPage<Shown extends { readonly id: string }>(
  files: readonly StoredFile[],
  query: ListQuery,
  describe: (file: StoredFile) => Shown,
) {
  const ordered = query.order === 'asc' ? [...files] : [...files].reverse();
  let start = 0;
  if (query.after !== undefined) {
    const cursor = ordered.findIndex((file) => file.id === query.after);
    if (cursor === -1) throw noSuchFile(query.after, 'after');
    start = cursor + 1;
  }
  // Cut before the purpose is looked at: the cursor may name a file of another purpose.
  const rest = ordered.slice(start).filter((file) => query.purpose === undefined || file.purpose === query.purpose);
  const data = rest.slice(0, query.limit).map(describe);
  return {
    object: 'list',
    data,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: rest.length > data.length,
  } as const;
}
