import type { Dialect } from './dialect.js';

/** OpenAI itself. Source: the API reference, "Authentication". */
export const openai: Dialect = {
  name: 'openai',
  defaultBaseURL: 'https://api.openai.com/v1',
  needsKey: true,
  // Source: the example of POST /uploads in OpenAI's OpenAPI description.
  uploads: { mimeType: 'text/jsonl' },
  credentialHeaders({ apiKey, organization, project }) {
    return {
      ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
      ...(project === undefined ? {} : { 'openai-project': project }),
    };
  },
};

/** A server that speaks as OpenAI does, at an address that the caller gives; some of them want no key. */
export const generic: Dialect = { ...openai, name: 'generic', defaultBaseURL: null, needsKey: false, uploads: null };
