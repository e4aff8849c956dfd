import { badRequest } from '../errors.js';
import type { ServerDialect } from './dialect.js';
import { openai } from './openai.js';

/**
 * Mistral. Source: the types of mistralai/client-ts, generated from its OpenAPI description: pages by number from 0, `total`
 * in place of `has_more`, no `status`, further fields. Its ids are UUIDs; ours stay as they are.
 */
export const mistral: ServerDialect = {
  ...openai,
  name: 'mistral',
  purposes: ['fine-tune', 'batch', 'ocr'],
  takesExpiry: false,
  describe: ({ id, bytes, created_at, filename, purpose }) => ({
    id,
    object: 'file',
    bytes,
    created_at,
    filename,
    purpose,
    sample_type: purpose === 'batch' ? 'batch_request' : 'instruct',
    num_lines: null,
    mimetype: 'application/jsonl',
    source: 'upload',
    signature: null,
  }),
  list(files, query, describe) {
    const page = countOf(query, 'page', 0);
    const pageSize = countOf(query, 'page_size', 100);
    const purpose = query.get('purpose');
    const all = files.filter((file) => purpose === null || file.purpose === purpose).reverse();
    const data = all.slice(page * pageSize, (page + 1) * pageSize).map(describe);
    return { object: 'list', data, total: all.length };
  },
};

function countOf(query: URLSearchParams, name: string, fallback: number): number {
  const sent = query.get(name);
  if (sent === null) return fallback;
  if (!/^\d{1,6}$/.test(sent)) throw badRequest(`Invalid '${name}': expected a whole number.`, name, 'invalid_value');
  return Number(sent);
}
