import type { Dialect } from './dialect.js';
import { openai } from './openai.js';

/**
 * Together. Source: `filemanager.py` and `types/files.py` of togethercomputer/together-python, and its TypeScript client.
 *
 * - `POST /files` takes no file: it answers 302 with the address of a store in `Location` and the id in
 *   `X-Together-File-Id`. The file goes there by PUT, and the key must not; `POST /files/{id}/preprocess` ends it.
 * - Instead of a `status` there is `Processed`, true or false.
 * - The listing comes at once, without pages.
 *
 * A file over 5 GB needs its `/files/multipart/*`, which is not spoken here.
 */
export const together: Dialect = {
  ...openai,
  name: 'together',
  defaultBaseURL: 'https://api.together.xyz/v1',
  upload: 'storage',
  parts: null,
  takesExpiry: false,
  listing: { keepsNames: true, isComplete: false },
  statusOf(file) {
    if (typeof file.Processed === 'boolean') return file.Processed ? 'processed' : 'pending';
    return openai.statusOf(file);
  },
};
