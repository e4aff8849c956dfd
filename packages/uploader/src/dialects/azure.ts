import type { Dialect } from './dialect.js';
import { bearerHeader, openai } from './openai.js';

/**
 * Azure OpenAI (Foundry).
 *
 * - The key goes into `api-key`; an Entra ID token is a bearer token. Source: Microsoft's "Azure OpenAI in Azure AI
 *   Foundry Models REST API reference".
 * - The address is that of the resource. Behind it stands `/openai/v1`, which needs no version, or, with an
 *   `api-version`, the older `/openai` (same source; `fine-tuning-rest.md` of MicrosoftDocs/azure-ai-docs uses both).
 * - A new file is answered with 201 and `Location`, and is `pending`, then `running`, before it is `processed` or `error`;
 *   a job that names it earlier is refused ("must point to a completed file import").
 * - The older API lists everything at once and ignores `limit`, `order` and `after`; so they may always be sent.
 * - Microsoft's samples send the file part as `application/json`; a part without a type is refused.
 *
 * `expires_after`: in its description of the v1 API; whether every region and the older API take it is not established.
 */
export const azure: Dialect = {
  ...openai,
  name: 'azure',
  defaultBaseURL: null,
  credentialHeaders(credentials) {
    const { accessToken, apiKey } = credentials;
    if (accessToken !== '') return bearerHeader(credentials);
    return apiKey === '' ? {} : { 'api-key': apiKey };
  },
  apiRoot(given, apiVersion) {
    const url = new URL(given);
    if (apiVersion !== undefined) url.searchParams.set('api-version', apiVersion);
    const path = url.pathname.replace(/\/+$/, '');
    // An address that already names the API is the caller's own business, but for the bare `/openai` of the portal.
    if (/\/openai\/./.test(path)) return url;
    const root = path.endsWith('/openai') ? path : `${path}/openai`;
    url.pathname = url.searchParams.has('api-version') ? root : `${root}/v1`;
    return url;
  },
  fileContentType: 'application/json',
  // Source: the Uploads samples of Microsoft's REST API reference, which also warns of single requests over about 150 MB.
  parts: { mimeType: 'application/jsonl' },
};
