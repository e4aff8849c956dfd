import type { ResponseHeaders } from '../types.js';

/** IMF-fixdate and the older RFC 850 form (RFC 9110, 5.6.7); both end with GMT. `Date.parse` alone takes far more. */
const HTTP_DATE = /^[A-Z][a-z]+, .{7,12} \d{2}:\d{2}:\d{2} GMT$/;

/** The form of C's `asctime` (ibidem), which is in GMT, too, and does not say so. */
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * How long the server asks to be left alone, in milliseconds; `null` when it does not ask, or asks for nothing sensible
 * (zero, a negative number, words, a moment that has passed).
 *
 * A date is measured against the server's own `Date` header where there is one, so that a wrong clock on this machine
 * changes nothing.
 *
 * @param now milliseconds since the epoch by this machine's clock, for servers that send no `Date`
 */
export function parseRetryAfter(headers: ResponseHeaders, now: number): number | null {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const milliseconds = positiveNumber(headers[name]);
    if (milliseconds !== null) return milliseconds;
  }
  const value = headers['retry-after']?.trim();
  if (value === undefined) return null;
  const until = httpDate(value);
  if (until === null) return longestOf(value);
  const delay = until - (httpDate(headers.date ?? '') ?? now);
  return delay > 0 ? delay : null;
}

/** Seconds; several where a proxy has added a wish of its own, and then the longest wait is right for all. */
function longestOf(value: string): number | null {
  const seconds = value.split(',').map(positiveNumber);
  return seconds.includes(null) ? null : Math.max(...seconds.map(Number)) * 1000;
}

/** Milliseconds since the epoch; `null` for anything else than a date of HTTP. */
function httpDate(text: string): number | null {
  const time = HTTP_DATE.test(text)
    ? Date.parse(text)
    : ASCTIME_DATE.test(text)
      ? Date.parse(`${text} GMT`)
      : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function positiveNumber(text: string | undefined): number | null {
  // `1e9` is no RFC number, but it is clearly a wish to be left alone for long.
  if (text === undefined || !/^\s*\d+(?:\.\d+)?(?:e\d+)?\s*$/i.test(text)) return null;
  const number = Number(text);
  return number > 0 ? Math.ceil(number * 1000) / 1000 : null;
}
