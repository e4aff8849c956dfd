import type { Dialect } from './dialects/dialect.js';
import { ProtocolError } from './errors.js';
import type { FileList, ListFilesQuery } from './types.js';

/**
 * The pages of a listing, one after the other, until the server says that there are no more.
 *
 * A listing that would never end is an error: an empty page that promises more, or a page that was there before.
 *
 * @throws {ProtocolError} the listing leads nowhere or back to itself
 */
export async function* iteratePages(
  list: (query: ListFilesQuery) => Promise<FileList>,
  query: ListFilesQuery,
  paging: Dialect['paging'],
): AsyncGenerator<FileList, void, void> {
  const seen = new Set<string>(query.after === undefined ? [] : [query.after]);
  let next: ListFilesQuery = { ...query };
  for (let number = query.page ?? 0; ; number++) {
    const page = await list(next);
    const last = page.data.at(-1)?.id;
    const cursor = page.last_id || last;
    if (page.has_more && (page.data.length === 0 || cursor === undefined)) {
      throw new ProtocolError('the listing promises more files after an empty page', { hint: ADVICE });
    }
    // A page that ends as an earlier one did comes from a server that takes no notice of the cursor, or goes in circles.
    if (page.has_more && [cursor, last].some((it) => it !== undefined && seen.has(it))) {
      throw new ProtocolError('the listing leads back to files that it has shown before', { hint: ADVICE });
    }
    yield page;
    if (!page.has_more || cursor === undefined) return;
    seen.add(cursor);
    if (last !== undefined) seen.add(last);
    next = paging === 'cursor' ? { ...query, after: cursor } : { ...query, page: number + 1 };
  }
}

const ADVICE = 'this server cannot list more than its first page; ask for fewer files, or for those of one purpose';
