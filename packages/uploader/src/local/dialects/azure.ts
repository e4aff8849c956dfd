import { RejectedRequestError } from '../errors.js';
import type { ServerDialect } from './dialect.js';
import { openai, requireBearer } from './openai.js';

/**
 * Azure OpenAI. Source: Microsoft's REST reference "Files" (201 with `Location`, `api-key`, `api-version`, an unpaged list,
 * `pending` and `running` before `processed`).
 *
 * Both addresses are served: `/openai/v1/files`, and `/openai/files?api-version=…`; `/uploads` only at the second, where
 * Microsoft's own skill for agents says it is (microsoft/skills#276).
 */
export const azure: ServerDialect = {
  ...openai,
  name: 'azure',
  basePath: '/openai/v1',
  relativePath(path, query) {
    const versioned = /^\/openai(\/(?:files|uploads)(?:\/.*)?)$/.exec(path)?.[1];
    if (versioned !== undefined) return query.has('api-version') ? versioned : undefined;
    const relative = /^\/openai\/v1(\/files(?:\/.*)?)$/.exec(path)?.[1];
    return relative;
  },
  requireKey(headers) {
    const apiKey = headers['api-key'];
    if (typeof apiKey === 'string' && apiKey !== '') return;
    if (headers.authorization !== undefined) return requireBearer(headers);
    const message = "Access denied: send the header 'api-key' or 'Authorization: Bearer TOKEN'; any will do here.";
    throw new RejectedRequestError({ status: 401, message, code: '401' });
  },
  processing: { polls: 2, states: ['pending', 'running'] },
  describeError: ({ status, message, code }) => ({ error: { code: code ?? String(status), message } }),
  list(files, query, describe) {
    const purpose = query.get('purpose');
    const shown = files.filter((file) => purpose === null || file.purpose === purpose).reverse();
    return { object: 'list', data: shown.map(describe) };
  },
  created: (location) => ({ status: 201, headers: { location } }),
  requestIdHeaders: ['apim-request-id', 'x-ms-request-id'],
};
