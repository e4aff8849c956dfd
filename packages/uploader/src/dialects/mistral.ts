import type { Dialect } from './dialect.js';
import { openai } from './openai.js';

/** Files on a page unless `limit` says otherwise. Source: the `page_size` of mistralai/client-ts. */
const PAGE_SIZE = 100;

/**
 * Mistral. Source: the request and answer types of mistralai/client-ts, generated from Mistral's OpenAPI description.
 *
 * - Pages are counted from 0 (`page`, `page_size`); the answer has `total` and neither `has_more` nor ids to go on from.
 *   The order is not documented, and no query asks for one.
 * - Files have no `status` that is documented; what there is, is passed on.
 * - Its form has no `expires_after`, so none is sent.
 * - Whether a name comes back exactly as it was sent is not established; it is taken to.
 */
export const mistral: Dialect = {
  ...openai,
  name: 'mistral',
  defaultBaseURL: 'https://api.mistral.ai/v1',
  // None is documented.
  parts: null,
  takesExpiry: false,
  paging: 'number',
  pageSize: PAGE_SIZE,
  listQuery: ({ purpose, limit, page }) => ({ purpose, page: page ?? 0, page_size: limit ?? PAGE_SIZE }),
  hasMore({ total, has_more }, count, { page = 0, limit = PAGE_SIZE }) {
    if (typeof has_more === 'boolean') return has_more;
    return typeof total === 'number' ? page * limit + count < total && count > 0 : count >= limit;
  },
  listing: { keepsNames: true, isComplete: false },
};
