import { ConfigError } from '../errors.js';
import type { ResponseHeaders } from '../types.js';
import type { Scrub } from './redact.js';

/** RFC 9110 field values, without the obsolete folding: what undici would refuse later with less to say. */
const UNSENDABLE = /[^\x20-\x7e\x80-\xff]/;

/**
 * Refuses what cannot be the value of a request header. The value is never repeated in the message.
 *
 * @throws {ConfigError}
 */
export function checkHeaderValue(name: string, value: string): void {
  if (/[\r\n]/.test(value)) {
    throw new ConfigError(`${name} holds a line break`, {
      hint: 'a value read from a file often ends with one: trim it',
    });
  }
  if (UNSENDABLE.test(value)) {
    throw new ConfigError(`${name} holds a character that cannot stand in an HTTP header`, {
      hint: 'copy it again: control characters, curly quotes and letters outside Latin-1 do not belong there',
    });
  }
  if (value.trim() !== value) throw new ConfigError(`${name} begins or ends with a space`, { hint: 'trim it' });
}

/** Response headers as undici gives them → lower-case names, one string each, frozen. */
export function flattenHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  scrubEcho: Scrub,
): ResponseHeaders {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = scrubEcho(Array.isArray(value) ? value.join(', ') : value);
  }
  return Object.freeze(flat);
}

/** The body is in a form that was not asked for; what was chunked has been put together already. */
export function isPacked(headers: ResponseHeaders): boolean {
  const codings = `${headers['content-encoding'] ?? ''},${headers['transfer-encoding'] ?? ''}`.toLowerCase().split(',');
  return codings.some((coding) => !['', 'identity', 'chunked'].includes(coding.trim()));
}

const REQUEST_ID_HEADERS = ['x-request-id', 'apim-request-id', 'x-ms-request-id', 'request-id', 'cf-ray'];

/** The provider's name for a request. */
export function requestIdOf(headers: ResponseHeaders): string | undefined {
  for (const name of REQUEST_ID_HEADERS) if (headers[name]) return headers[name];
  return undefined;
}

/** The headers that an error may carry: they explain an answer and hold no secret by their purpose. */
const EXPLAINING =
  /^(?:content-(?:type|length)|date|server|via|retry-after(?:-ms)?|x-ms-retry-after-ms|x-should-retry|x-ratelimit-.*|openai-.*|x-request-id|apim-request-id|x-ms-request-id|request-id|cf-ray)$/;

/** {@link EXPLAINING} headers, their values scrubbed. */
export function explainingHeaders(headers: ResponseHeaders, scrub: Scrub): ResponseHeaders {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (EXPLAINING.test(name)) kept[name] = scrub(value);
  return Object.freeze(kept);
}
