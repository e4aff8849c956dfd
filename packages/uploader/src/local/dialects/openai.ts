import type { IncomingHttpHeaders } from 'node:http';
import { RejectedRequestError } from '../errors.js';
import { listPage, parseListQuery } from '../listing.js';
import { PURPOSES, toFileObject } from '../stored-file.js';
import type { ServerDialect } from './dialect.js';

export const openai: ServerDialect = {
  name: 'openai',
  basePath: '/v1',
  relativePath: relativeTo('/v1'),
  requireKey: requireBearer,
  purposes: PURPOSES,
  takesExpiry: true,
  processing: {},
  upload: 'form',
  describe: toFileObject,
  describeError: ({ message, type, param, code }) => ({ error: { message, type, param, code } }),
  list: (files, query, describe) => listPage(files, parseListQuery(query), describe),
  created: () => ({ status: 200, headers: {} }),
  requestIdHeaders: ['x-request-id'],
};

function relativeTo(base: string): ServerDialect['relativePath'] {
  return (path) => (path.startsWith(`${base}/`) ? path.slice(base.length) : undefined);
}

export function requireBearer({ authorization }: IncomingHttpHeaders): void {
  if (authorization === undefined) {
    const message = "This request carries no API key: send 'Authorization: Bearer KEY'; any key will do here.";
    throw new RejectedRequestError({ status: 401, message });
  }
  if (!/^Bearer +\S+$/i.test(authorization)) {
    const message = "The Authorization header is malformed: expected 'Bearer KEY'; any key will do here.";
    throw new RejectedRequestError({ status: 401, message, code: 'invalid_api_key' });
  }
}
