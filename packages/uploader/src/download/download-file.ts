import { createHash } from 'node:crypto';
import { type Call, type ClientContext, httpInfo, runAttempts, withCall } from '../call.js';
import { ConfigError, IntegrityError, ProtocolError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import { checkEncoding, isSuccess, readApiError, urlOf } from '../json-call.js';
import { pathOf } from '../json-calls.js';
import { type CallOptions, DEFAULTS } from '../options.js';
import type { HttpInfo } from '../types.js';
import { openDestination } from './destination.js';
import { openFollowing } from './follow.js';

/** Into a file, which appears under its name only when it is complete. */
export interface DownloadToFileOptions extends CallOptions {
  /** Where to write. The server's idea of a name is never used. */
  to: string;
  /** Replace what is there. @default false */
  overwrite?: boolean;
}

/** As a stream, for the caller to read; it is not retried once it has begun. */
export interface DownloadStreamOptions extends CallOptions {
  stream: true;
}

/** Into memory. */
export interface DownloadBytesOptions extends CallOptions {
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
  cancel(): void;
}

export type DownloadOptions = DownloadToFileOptions | DownloadStreamOptions | DownloadBytesOptions;
export type DownloadResult = DownloadedFile | DownloadStream | DownloadedBytes;

/** Fetches the content of a file in one of three forms. */
export async function downloadFile(
  context: ClientContext,
  id: string,
  options: DownloadOptions,
): Promise<HttpInfo<DownloadResult>> {
  const path = `${pathOf(id)}/content`;
  if ('to' in options) {
    if (typeof options.to !== 'string' || options.to === '') throw new ConfigError('to is not a path');
    return withCall(context, 'downloadFile', 'other', options, (call) => downloadTo(call, path, options));
  }
  if ('stream' in options && options.stream) return openStream(context, path, options);
  return withCall(context, 'downloadFile', 'other', options, (call) =>
    downloadBytes(call, path, (options as DownloadBytesOptions).maxBytes ?? DEFAULTS.maxDownloadBytes),
  );
}

async function downloadTo(call: Call, path: string, options: DownloadToFileOptions): Promise<HttpInfo<DownloadedFile>> {
  const destination = await openDestination(options.to, options.overwrite ?? false);
  try {
    const response = await runAttempts(call, async (_attempt, trace) => {
      await destination.restart();
      return withContent(call, path, trace, (exchange) => copy(call, exchange, (chunk) => destination.append(chunk)));
    });
    await destination.commit();
    return httpInfo({ path: destination.path, ...response.data }, response, call.attempts);
  } finally {
    await destination.discard();
  }
}

async function downloadBytes(call: Call, path: string, maxBytes: number): Promise<HttpInfo<DownloadedBytes>> {
  const response = await runAttempts(call, (_attempt, trace) =>
    withContent(call, path, trace, async (exchange) => {
      const chunks: Uint8Array[] = [];
      let room = maxBytes;
      const digest = await copy(call, exchange, async (chunk) => {
        room -= chunk.length;
        if (room < 0) {
          throw new ProtocolError(`the content is longer than ${maxBytes} bytes`, {
            status: exchange.status,
            hint: 'download it to a file, or raise maxBytes',
          });
        }
        chunks.push(chunk);
      });
      return { content: new Uint8Array(Buffer.concat(chunks)), ...digest };
    }),
  );
  return httpInfo(response.data, response, call.attempts);
}

/** The call lives on until the stream is read to its end or cancelled. */
function openStream(
  context: ClientContext,
  path: string,
  options: DownloadStreamOptions,
): Promise<HttpInfo<DownloadStream>> {
  return new Promise((resolve, reject) => {
    withCall(context, 'downloadFile', 'other', options, async (call) => {
      const { exchange, attempts } = await runAttempts(call, async (_attempt, trace) => {
        const opened = await openContent(call, path, trace);
        return { exchange: opened, attempts: call.attempts };
      });
      await new Promise<void>((end) => {
        const close = () => {
          exchange.close();
          end();
        };
        call.signal.addEventListener('abort', close, { once: true });
        const body = streamOf(call, exchange, close);
        resolve(httpInfo({ body, bytes: lengthOf(exchange), cancel: close }, exchange, attempts));
      });
    }).catch(reject);
  });
}

async function* streamOf(call: Call, exchange: Exchange, close: () => void): AsyncGenerator<Uint8Array, void, void> {
  try {
    let received = 0;
    for await (const chunk of exchange.chunks({ idle: call.timeouts.stall })) {
      received += chunk.length;
      yield chunk;
    }
    checkLength(exchange, received);
  } finally {
    close();
  }
}

/** Opens the content, hands it to `read`, and closes it. */
async function withContent<T>(
  call: Call,
  path: string,
  trace: { status?: number },
  read: (exchange: Exchange) => Promise<T>,
) {
  const exchange = await openContent(call, path, trace);
  try {
    return { data: await read(exchange), status: exchange.status, headers: exchange.headers };
  } finally {
    exchange.close();
  }
}

async function openContent(call: Call, path: string, trace: { status?: number }): Promise<Exchange> {
  const url = urlOf(call, path);
  const exchange = await openFollowing(call, url);
  trace.status = exchange.status;
  try {
    if (!isSuccess(exchange.status)) throw await readApiError(call, exchange, 'GET', url, 0);
    checkEncoding(exchange);
    return exchange;
  } catch (error) {
    exchange.close();
    throw error;
  }
}

async function copy(call: Call, exchange: Exchange, write: (chunk: Uint8Array) => Promise<void>) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of exchange.chunks({ idle: call.timeouts.stall })) {
    hash.update(chunk);
    bytes += chunk.length;
    await write(chunk);
  }
  checkLength(exchange, bytes);
  return { bytes, sha256: hash.digest('hex') };
}

function lengthOf({ headers }: Exchange): number | null {
  const announced = headers['content-length'];
  return announced !== undefined && /^\d+$/.test(announced) ? Number(announced) : null;
}

function checkLength(exchange: Exchange, received: number): void {
  const announced = lengthOf(exchange);
  if (announced === null || announced === received) return;
  throw new IntegrityError(`the content has ${received} bytes instead of the ${announced} announced`, {
    expected: announced,
    actual: received,
    retryable: true,
  });
}
