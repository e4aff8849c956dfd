import { createHash } from 'node:crypto';
import { ApiError } from '../api-errors.js';
import { type Call, type ClientContext, httpInfo, runAttempts, withCall, withinCall } from '../call.js';
import { checkCallOptions, checkObject } from '../check-options.js';
import { AbortedError, ConfigError, ProtocolError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import { pathOf, retrieveFile } from '../json-calls.js';
import { type CallOptions, DEFAULTS } from '../options.js';
import type { HttpInfo } from '../types.js';
import { type DestinationFs, openDestination } from './destination.js';
import {
  checkAnnounced,
  checkDigest,
  checkSoFar,
  checkTotal,
  type ExpectedContent,
  lengthOf,
  openContent,
  receiveContent,
} from './receive.js';

/** What every download can be held against. */
export interface DownloadChecks extends CallOptions {
  /** What the content must be; anything else is an `IntegrityError`. */
  expect?: {
    /** `null`: whatever comes. @default what `retrieveFile` says, where it says anything; of a stream, whatever comes */
    bytes?: number | null;
    /** Hexadecimal, 64 digits. */
    sha256?: string;
  };
}

/** Into a file, which appears under its name only when it is complete. */
export interface DownloadToFileOptions extends DownloadChecks {
  /** Where to write. The server's idea of a name is never used. */
  to: string;
  /** Replace what is there. @default false */
  overwrite?: boolean;
}

/** As a stream, for the caller to read; it is not retried once it has begun. */
export interface DownloadStreamOptions extends DownloadChecks {
  stream: true;
}

/** Into memory. */
export interface DownloadBytesOptions extends DownloadChecks {
  /** Longer content is an error. @default 67_108_864 */
  maxBytes?: number;
}

export interface DownloadedFile {
  /** Absolute. */
  readonly path: string;
  /** Number of bytes written. */
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface DownloadedBytes {
  readonly content: Uint8Array;
  /** Length of `content`. */
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface DownloadStream {
  /** Throws where the content ends early. Read it, or call `cancel()`: until then the connection stays open. */
  readonly body: AsyncIterable<Uint8Array>;
  /** What the server announced; `null` when it did not. */
  readonly bytes: number | null;
  /** Whoever goes on reading gets an `AbortedError`. */
  cancel(): void;
}

export type DownloadOptions = DownloadToFileOptions | DownloadStreamOptions | DownloadBytesOptions;
export type DownloadResult = DownloadedFile | DownloadStream | DownloadedBytes;

/** Fetches the content of a file in one of three forms. */
export async function downloadFile(
  context: ClientContext,
  id: string,
  options: DownloadOptions,
  fs?: DestinationFs,
): Promise<HttpInfo<DownloadResult>> {
  checkCallOptions(options);
  const request: Request = { id, path: `${pathOf(id)}/content`, options };
  checkExpect(options);
  if ('to' in options) {
    if (typeof options.to !== 'string' || options.to === '') throw new ConfigError('to is not a path');
    return withCall(context, 'downloadFile', 'other', options, (call) => downloadTo(call, request, options, fs));
  }
  if ('stream' in options && options.stream) return openStream(context, request);
  const { maxBytes = DEFAULTS.maxDownloadBytes } = options as DownloadBytesOptions;
  if (!(maxBytes >= 0)) throw new ConfigError('maxBytes is not a number of at least 0');
  return withCall(context, 'downloadFile', 'other', options, (call) => downloadBytes(call, request, maxBytes));
}

interface Request {
  readonly id: string;
  /** Under the base URL. */
  readonly path: string;
  readonly options: DownloadChecks;
}

function checkExpect({ expect }: DownloadChecks): void {
  if (expect !== undefined) checkObject('expect', expect);
  const { bytes, sha256 } = expect ?? {};
  if (bytes !== undefined && bytes !== null && (!Number.isSafeInteger(bytes) || bytes < 0)) {
    throw new ConfigError('expect.bytes is not a number of bytes');
  }
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new ConfigError('expect.sha256 is not 64 hexadecimal digits');
  }
}

/** What the content must be: by the caller's word, or by what the server says of the file. */
async function expectedContent(call: Call, { id, options }: Request): Promise<ExpectedContent> {
  const { bytes, sha256 } = options.expect ?? {};
  const digest = sha256?.toLowerCase() ?? null;
  if (bytes !== undefined) return { bytes, sha256: digest };
  try {
    const { data } = await retrieveFile(withinCall(call, 'retrieveFile', options), id);
    return { bytes: data.bytes, sha256: digest };
  } catch (error) {
    // Some servers hand out content and describe no files; whether there is any, the content itself will tell.
    if (error instanceof ApiError || error instanceof ProtocolError) return { bytes: null, sha256: digest };
    throw error;
  }
}

async function downloadTo(
  call: Call,
  request: Request,
  { to, overwrite = false }: DownloadToFileOptions,
  fs: DestinationFs | undefined,
): Promise<HttpInfo<DownloadedFile>> {
  const destination = await openDestination(to, overwrite, fs);
  try {
    const expected = await expectedContent(call, request);
    const { bytes, sha256, ...response } = await receiveContent(call, request.path, expected, destination);
    await destination.commit();
    return httpInfo({ path: destination.path, bytes, sha256 }, response, call.attempts);
  } finally {
    await destination.discard();
  }
}

async function downloadBytes(call: Call, request: Request, maxBytes: number): Promise<HttpInfo<DownloadedBytes>> {
  const chunks: Uint8Array[] = [];
  let room = maxBytes;
  const refuse = () => {
    const hint = 'download it to a file, or raise maxBytes';
    throw new ProtocolError(`the content is longer than ${maxBytes} bytes`, { hint });
  };
  const expected = await expectedContent(call, request);
  if (expected.bytes !== null && expected.bytes > maxBytes) refuse();
  const { bytes, sha256, ...response } = await receiveContent(call, request.path, expected, {
    async restart() {
      chunks.length = 0;
      room = maxBytes;
    },
    async append(chunk) {
      room -= chunk.length;
      if (room < 0) refuse();
      chunks.push(chunk);
    },
  });
  return httpInfo({ content: new Uint8Array(Buffer.concat(chunks)), bytes, sha256 }, response, call.attempts);
}

/** The call lives on until the stream is read to its end or cancelled. */
function openStream(context: ClientContext, request: Request): Promise<HttpInfo<DownloadStream>> {
  return new Promise((resolve, reject) => {
    withCall(context, 'downloadFile', 'other', request.options, async (call) => {
      const { bytes = null, sha256 = null } = request.options.expect ?? {};
      const expected = { bytes, sha256: sha256?.toLowerCase() ?? null };
      const exchange = await runAttempts(call, (_attempt, trace) => openContent(call, request.path, trace));
      await new Promise<void>((end) => {
        const close = () => {
          exchange.close();
          end();
        };
        call.signal.addEventListener('abort', close, { once: true });
        const state = { isCancelled: false };
        const cancel = () => {
          state.isCancelled = true;
          close();
        };
        const body = streamOf(call, exchange, expected, close, state);
        // One that has not begun does not come to its own end.
        const finish = body.return.bind(body);
        body.return = (value) => {
          close();
          return finish(value);
        };
        resolve(httpInfo({ body, bytes: lengthOf(exchange), cancel }, exchange, call.attempts));
      });
    }).catch(reject);
  });
}

async function* streamOf(
  call: Call,
  exchange: Exchange,
  expected: ExpectedContent,
  close: () => void,
  state: { readonly isCancelled: boolean },
): AsyncGenerator<Uint8Array, void, void> {
  try {
    const hash = expected.sha256 === null ? undefined : createHash('sha256');
    let received = 0;
    for await (const chunk of exchange.chunks({ idle: call.timeouts.stall })) {
      received += chunk.length;
      checkSoFar(received, expected);
      hash?.update(chunk);
      yield chunk;
    }
    checkAnnounced(received, lengthOf(exchange));
    checkTotal(received, expected);
    if (hash !== undefined) checkDigest(hash.digest('hex'), expected);
  } catch (error) {
    if (state.isCancelled) throw new AbortedError('the download was cancelled');
    throw error;
  } finally {
    close();
  }
}
