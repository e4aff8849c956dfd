import type { ServerDialect } from './dialect.js';
import { openai } from './openai.js';

/**
 * Together. Source: `filemanager.py` and `types/files.py` of togethercomputer/together-python: `POST /files` takes no file but
 * sends the client to a store at another origin; `Processed` in place of `status`; a list without pages.
 */
export const together: ServerDialect = {
  ...openai,
  name: 'together',
  purposes: ['fine-tune', 'batch-api', 'eval'],
  takesExpiry: false,
  upload: 'storage',
  describe: ({ id, bytes, created_at, filename, purpose, lines = 0 }, { status }) => ({
    id,
    object: 'file',
    bytes,
    created_at,
    filename,
    purpose,
    FileType: 'jsonl',
    LineCount: lines,
    line_count: lines,
    Processed: status === 'processed',
  }),
  list(files, query, describe) {
    const purpose = query.get('purpose');
    const shown = files.filter((file) => purpose === null || file.purpose === purpose).reverse();
    return { object: 'list', data: shown.map(describe) };
  },
};
