import type { LocalDialectName } from './dialects/dialect.js';
import { serverDialects } from './dialects/index.js';
import { LocalFilesServerError } from './errors.js';
import { checkPlan } from './faults/check-plan.js';
import type { FaultPlan, RequestFault } from './faults/fault-plan.js';
import type { LocalOperation } from './operation.js';
import type { ProcessingOptions } from './processing.js';

/**
 * The largest request body that is taken unless the caller says otherwise: 512 MiB.
 *
 * Source: "Individual files can be up to 512 MB" in OpenAI's description of `POST /files`, read as binary units because
 * its audio endpoint enforces its "25 MB" as 26,214,400 bytes.
 */
export const DEFAULT_MAX_FILE_BYTES = 536_870_912;

/** One finished exchange, for logs. Never holds a header, a query string or a byte of a body. */
export interface LocalRequestEvent {
  /** The `x-request-id` of the response. */
  readonly requestId: string;
  readonly method: string;
  /** The path without its query string. */
  readonly path: string;
  /** What was asked for; `null` where no operation has this method and path. */
  readonly operation: LocalOperation | null;
  /** HTTP status code; `null` where the connection ended before an answer was complete. */
  readonly status: number | null;
  readonly durationMs: number;
  /** The fault that this request was given. */
  readonly fault?: RequestFault['kind'];
  /** What went wrong inside the server, for a status of 500. */
  readonly error?: unknown;
}

/** How {@link startLocalFilesServer} starts; everything has a default. */
export interface LocalFilesServerOptions {
  /**
   * Where the files are kept; created if missing. A server that is started on the directory of an earlier one serves the
   * same files. One server at a time, held by a lock file: what looks like the leftover of an interrupted upload is removed
   * at the start.
   *
   * @default a fresh temporary directory, removed by `close()`
   */
  readonly directory?: string;
  /** TCP port; 0 takes any free one. @default 0 */
  readonly port?: number;
  /** A loopback name: the server has no access control, so it listens nowhere else. @default '127.0.0.1' */
  readonly host?: '127.0.0.1' | '::1' | 'localhost';
  /** Limit of one request body in bytes, multipart framing included; more is answered with 413. @default 536,870,912 */
  readonly maxFileBytes?: number;
  /** Milliseconds since the Unix epoch; decides `created_at` and expiry. @default Date.now */
  readonly clock?: () => number;
  /** Whose ways the server has: see `docs/local-server.md`. @default 'openai' */
  readonly dialect?: LocalDialectName;
  /** How it takes its time with files, and which of them fail. @default every file is processed at once; azure: at the third look */
  readonly processing?: ProcessingOptions;
  /** What the server does wrong, and with which request; see {@link FaultPlan}. @default [] */
  readonly faults?: FaultPlan;
  /** From 0 to 1, 1 excluded; decides about rules with a `chance`. @default Math.random */
  readonly random?: () => number;
  /** Called once an exchange is over. What it throws is ignored: a log must not break a server. */
  readonly onRequest?: (event: LocalRequestEvent) => void;
}

/** The options with every default filled in; `directory` stays open because its default is made, not named. */
export interface CompleteOptions extends Required<Omit<LocalFilesServerOptions, 'directory'>> {
  readonly directory: string | undefined;
}

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** @throws LocalFilesServerError `E_LOCAL_OPTION` */
export function normalizeOptions(options: LocalFilesServerOptions): CompleteOptions {
  const complete: CompleteOptions = {
    directory: options.directory,
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    maxFileBytes: options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
    clock: options.clock ?? Date.now,
    dialect: options.dialect ?? 'openai',
    processing: options.processing ?? {},
    faults: options.faults ?? [],
    random: options.random ?? Math.random,
    onRequest: options.onRequest ?? (() => {}),
  };
  if (!LOOPBACK_HOSTS.includes(complete.host)) {
    throw refused(
      `host is ${JSON.stringify(complete.host)}: the server has no access control and listens on ${LOOPBACK_HOSTS.join(', ')} only`,
    );
  }
  if (!Number.isInteger(complete.port) || complete.port < 0 || complete.port > 65_535) {
    throw refused(`port is ${complete.port}: give a whole number from 0 (any free port) to 65535`);
  }
  if (!Number.isSafeInteger(complete.maxFileBytes) || complete.maxFileBytes < 1) {
    throw refused(`maxFileBytes is ${complete.maxFileBytes}: give a whole number of bytes, at least 1`);
  }
  if (!Object.hasOwn(serverDialects, complete.dialect)) {
    throw refused(
      `dialect is ${JSON.stringify(complete.dialect)}: there are ${Object.keys(serverDialects).join(', ')}`,
    );
  }
  checkPlan(complete.faults);
  if (complete.directory === '') throw refused('directory is empty: name one, or leave it out for a temporary one');
  return complete;
}

function refused(message: string) {
  return new LocalFilesServerError('E_LOCAL_OPTION', message);
}
