import type { Credentials, Dialect } from './dialect.js';

/** `Authorization: Bearer`, from the token or the key. Source: OpenAI's API reference, "Authentication". */
export function bearerHeader({ accessToken, apiKey }: Credentials): Record<string, string> {
  const token = accessToken === '' ? apiKey : accessToken;
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** OpenAI itself, and whoever follows its description to the letter (Nebius does, by its own account). */
export const openai: Dialect = {
  name: 'openai',
  defaultBaseURL: 'https://api.openai.com/v1',
  needsKey: true,
  credentialHeaders(credentials) {
    const { organization, project } = credentials;
    return {
      ...bearerHeader(credentials),
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
      ...(project === undefined ? {} : { 'openai-project': project }),
    };
  },
  apiRoot: (given) => given,
  upload: 'form',
  // Source: the example of POST /uploads in OpenAI's OpenAPI description.
  parts: { mimeType: 'text/jsonl' },
  fileContentType: 'application/jsonl',
  takesExpiry: true,
  paging: 'cursor',
  pageSize: 1000,
  listQuery: ({ purpose, limit, order, after }) => ({ purpose, limit, order, after }),
  hasMore: (answer) => answer.has_more === true,
  // Not documented in so many words: its listing is the only way to find a file again, and names come back as sent.
  listing: { keepsNames: true, isComplete: true },
  statusOf: ({ status }) => (typeof status === 'string' ? status : undefined),
};
