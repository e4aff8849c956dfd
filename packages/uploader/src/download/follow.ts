import type { RedirectError } from '../api-errors.js';
import type { Call } from '../call.js';
import { apiErrorFrom } from '../http/api-error.js';
import { type Exchange, openExchange } from '../http/exchange.js';
import { exchangeSettings, requestHeaders } from '../json-call.js';
import { isLoopbackName } from '../loopback.js';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Opens an address with GET and follows its redirects: some providers hand out content from a store of their own.
 *
 * As soon as the origin changes, none of our headers goes along, and none comes back: the store gets no key. Only
 * https: is followed, and from http: to http: within this machine.
 *
 * @param wish headers that say which bytes are wanted, and nothing about us: they go along everywhere
 * @throws {RedirectError} too many redirects, or one to where nothing is fetched from
 */
export async function openFollowing(
  call: Call,
  start: URL,
  wish: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  let url = start;
  let headers: Record<string, string> = { ...requestHeaders(call), accept: '*/*', ...wish };
  for (let redirects = 0; ; redirects++) {
    const exchange = await openExchange({
      method: 'GET',
      url,
      headers,
      ...exchangeSettings(call),
    });
    if (!REDIRECTS.has(exchange.status)) return exchange;
    exchange.close();
    const next = targetOf(exchange, url);
    if (next === undefined || redirects === MAX_REDIRECTS) throw refused(call, exchange, url);
    if (next.origin !== url.origin) headers = { accept: '*/*', 'accept-encoding': 'identity', ...wish };
    url = next;
  }
}

/** Where a redirect leads; `undefined` when nobody should go there. */
function targetOf({ headers }: Exchange, from: URL): URL | undefined {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  target.username = '';
  target.password = '';
  if (target.protocol === 'https:') return target;
  const isWithinMachine = isLoopbackName(target.hostname) && isLoopbackName(from.hostname);
  return target.protocol === 'http:' && from.protocol === 'http:' && isWithinMachine ? target : undefined;
}

function refused(call: Call, { status, headers }: Exchange, url: URL): RedirectError {
  const { scrub } = call.settings;
  const now = call.runtime.now();
  const error = apiErrorFrom({ method: 'GET', url, status, headers, text: '', bytesTotal: 0, scrub, now });
  return error as RedirectError;
}
