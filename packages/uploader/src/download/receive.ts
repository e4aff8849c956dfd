import { createHash } from 'node:crypto';
import { ApiError } from '../api-errors.js';
import { type AttemptTrace, type Call, runAttempts } from '../call.js';
import { IntegrityError, ProtocolError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import { checkEncoding, isSuccess, readApiError, urlOf } from '../json-call.js';
import type { ResponseHeaders } from '../types.js';
import { openFollowing } from './follow.js';

/** What the content must be, as far as that is known before. */
export interface ExpectedContent {
  readonly bytes: number | null;
  /** Lower-case hexadecimal. */
  readonly sha256: string | null;
}

/** Where received bytes go. */
export interface Sink {
  /** Forgets what it was given: the content begins anew. */
  restart(): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
}

/** What arrived. */
export interface Received {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly status: number;
  readonly headers: ResponseHeaders;
}

/**
 * Receives the whole of a content. One that breaks off is gone on with where the server can vouch that it is still the
 * same (a strong validator, RFC 9110, 13.1.5), and begun anew otherwise. Tries that brought something do not count.
 */
export async function receiveContent(
  call: Call,
  path: string,
  expected: ExpectedContent,
  sink: Sink,
): Promise<Received> {
  const state: State = { hash: createHash('sha256'), bytes: 0, total: null, validator: undefined };
  let forgotten = 0;
  let reached = 0;
  return runAttempts(call, (_attempt, trace) => receiveSome(call, path, expected, sink, state, trace), {
    retriesDone(attempt) {
      if (state.bytes > reached) forgotten = attempt - 1;
      reached = state.bytes;
      return attempt - 1 - forgotten;
    },
  });
}

/** What earlier tries brought. */
interface State {
  hash: ReturnType<typeof createHash>;
  bytes: number;
  /** What the whole was announced to have; `null` when it was not. */
  total: number | null;
  /** What the server must still call the content for the rest to belong to it; `undefined`: nothing can be gone on with. */
  validator: string | undefined;
}

async function receiveSome(
  call: Call,
  path: string,
  expected: ExpectedContent,
  sink: Sink,
  state: State,
  trace: AttemptTrace,
): Promise<Received> {
  const exchange = await openRest(call, path, state, trace);
  try {
    const { status, headers } = exchange;
    if (status !== 206) {
      if (state.bytes > 0) await sink.restart();
      Object.assign(state, { hash: createHash('sha256'), bytes: 0, total: lengthOf(exchange) });
    } else {
      // Its length is that of the range, which may be shorter than what was asked for (RFC 9110, 15.3.7).
      state.total ??= rangeOf(exchange)?.complete ?? null;
    }
    state.validator = validatorOf(headers);
    const { total } = state;
    if (total !== null) checkTotal(total, expected);
    for await (const chunk of exchange.chunks({ idle: call.timeouts.stall })) {
      // Before it is written: whatever is too long must not fill the disk.
      checkSoFar(state.bytes + chunk.length, expected);
      await sink.append(chunk);
      state.hash.update(chunk);
      state.bytes += chunk.length;
    }
    checkAnnounced(state.bytes, total);
    checkTotal(state.bytes, expected);
    const sha256 = state.hash.digest('hex');
    checkDigest(sha256, expected);
    return { bytes: state.bytes, sha256, status, headers };
  } finally {
    exchange.close();
  }
}

/** Asks for what is missing; for everything when the server does not give that, or gives something else. */
async function openRest(call: Call, path: string, state: State, trace: AttemptTrace): Promise<Exchange> {
  const { bytes, total, validator } = state;
  if (bytes === 0 || validator === undefined) return openContent(call, path, trace);
  let exchange: Exchange | undefined;
  try {
    exchange = await openContent(call, path, trace, { range: `bytes=${bytes}-`, 'if-range': validator });
    if (exchange.status !== 206) return exchange;
    const { begin, complete = null } = rangeOf(exchange) ?? {};
    const now = validatorOf(exchange.headers);
    const isSame = (now === undefined || now === validator) && (complete ?? total) === (total ?? complete);
    if (begin === bytes && isSame) return exchange;
  } catch (error) {
    // "Range not satisfiable": the content is shorter than what came of it.
    if (!(error instanceof ApiError) || error.status !== 416) throw error;
  }
  exchange?.close();
  return openContent(call, path, trace);
}

/** Opens the content, or the wished part of it. */
export async function openContent(
  call: Call,
  path: string,
  trace: AttemptTrace,
  wish: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  const url = urlOf(call, path);
  const exchange = await openFollowing(call, url, wish);
  trace.status = exchange.status;
  try {
    if (!isSuccess(exchange.status)) throw await readApiError(call, exchange, 'GET', url, 0);
    if (exchange.status === 206 && wish.range === undefined) {
      throw new ProtocolError('the server sent a part of the content, although all of it was asked for', {
        status: 206,
      });
    }
    checkEncoding(exchange);
    return exchange;
  } catch (error) {
    exchange.close();
    throw error;
  }
}

/** A strong ETag; a date only when it is so old that the content cannot have changed within its second. */
function validatorOf(headers: ResponseHeaders): string | undefined {
  const { etag } = headers;
  if (etag !== undefined && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag)) return etag;
  const modified = headers['last-modified'];
  if (modified === undefined) return undefined;
  return Date.parse(headers.date ?? '') - Date.parse(modified) >= 60_000 ? modified : undefined;
}

export function lengthOf({ headers }: Exchange): number | null {
  const announced = headers['content-length'];
  return announced !== undefined && /^\d+$/.test(announced) ? Number(announced) : null;
}

/** Where a part begins, and how long the whole is; `null` when that is not told. Source: RFC 9110, 14.4. */
function rangeOf({ headers }: Exchange): { begin: number; complete: number | null } | undefined {
  const [, begin, complete] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  return begin === undefined
    ? undefined
    : { begin: Number(begin), complete: complete === '*' ? null : Number(complete) };
}

/** Against what this answer announced: a shortfall is the network's, and worth another try. */
export function checkAnnounced(received: number, announced: number | null): void {
  if (announced === null || announced === received) return;
  throw new IntegrityError(`the content has ${received} bytes instead of the ${announced} announced`, {
    expected: announced,
    actual: received,
    retryable: true,
  });
}

/** Against what the server says of the file: no other try changes that. */
export function checkTotal(bytes: number, expected: ExpectedContent): void {
  if (expected.bytes === null || bytes === expected.bytes) return;
  throw notAsListed(String(bytes), bytes, expected);
}

/** While it comes: what is too long already need not be read to its end, if it has one. */
export function checkSoFar(bytes: number, expected: ExpectedContent): void {
  if (expected.bytes === null || bytes <= expected.bytes) return;
  throw notAsListed(`more than ${expected.bytes}`, bytes, expected);
}

export function checkDigest(sha256: string, expected: ExpectedContent): void {
  if (expected.sha256 === null || sha256 === expected.sha256) return;
  throw new IntegrityError(`the content has the SHA-256 ${sha256} instead of ${expected.sha256}`, {
    expected: expected.sha256,
    actual: sha256,
  });
}

function notAsListed(how: string, actual: number, { bytes }: ExpectedContent): IntegrityError {
  return new IntegrityError(`the content has ${how} bytes, but the file is to have ${bytes}`, {
    expected: bytes ?? undefined,
    actual,
    hint: 'a server that rewrites what it is given may be one: expect: { bytes: null } takes what comes',
  });
}
