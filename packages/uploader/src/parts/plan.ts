import type { Dialect } from '../dialects/dialect.js';
import { ConfigError } from '../errors.js';

/**
 * Whether a file goes in parts (the Uploads API) or in one request. `auto`: in parts from 100 MB on, where the dialect has
 * them; one request where the server then says that it has no such thing.
 */
export type PartsMode = 'auto' | 'always' | 'never';

export interface PartsOptions {
  /** @default 'auto' */
  parts?: PartsMode;
  /** Bytes of a part, at most 67,108,864; the last part is what remains. @default 67_108_864 */
  partSize?: number;
  /** Parts on their way at the same time, 1 to 16; each takes about half a megabyte of memory. @default 3 */
  concurrency?: number;
  /**
   * A directory for journals. The same call, made again after a failure, an abort or a crash, then sends only the parts
   * that the server does not have yet. Without it every call begins anew.
   */
  stateDir?: string;
  /**
   * After a failure or an abort, leave the parts on the server for the next call, instead of giving the upload up. The
   * server forgets them after an hour. @default true with `stateDir`, false without
   */
  keepForResume?: boolean;
}

/** Complete {@link PartsOptions}. */
export interface PartsSettings {
  readonly mode: PartsMode;
  readonly partSize: number;
  readonly concurrency: number;
  readonly stateDir: string | undefined;
  readonly keepForResume: boolean;
}

/** "64 MB" in OpenAI's reference; its own client sends 64 MiB. */
const MAX_PART_SIZE = 64 * 1024 * 1024;

/** "8 GB" in OpenAI's reference, taken for binary as its 512 MB are. */
export const MAX_BYTES_IN_PARTS = 8 * 1024 * 1024 * 1024;

/**
 * From here on a break costs more than parts do, and some proxies (Cloudflare's smaller plans) take no larger request.
 * Microsoft advises parts from about 150 MB on.
 */
const AUTO_FROM_BYTES = 100_000_000;

/** More are a mistake: 8 GiB are 128 parts of full size. */
const MAX_PARTS = 10_000;

/** OpenAI's enumeration for POST /uploads; POST /files takes two more. */
const PURPOSES_IN_PARTS: ReadonlySet<string> = new Set(['assistants', 'batch', 'fine-tune', 'vision']);

/** @throws {ConfigError} */
export function normalizePartsOptions(options: PartsOptions): PartsSettings {
  const { parts = 'auto', partSize = MAX_PART_SIZE, concurrency = 3, stateDir } = options;
  if (parts !== 'auto' && parts !== 'always' && parts !== 'never') {
    throw new ConfigError('parts is not "auto", "always" or "never"');
  }
  if (!Number.isInteger(partSize) || partSize < 1 || partSize > MAX_PART_SIZE) {
    throw new ConfigError(`partSize is not a whole number of bytes from 1 to ${MAX_PART_SIZE}`);
  }
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 16) {
    throw new ConfigError('concurrency is not a whole number from 1 to 16');
  }
  if (stateDir !== undefined && (typeof stateDir !== 'string' || stateDir === '')) {
    throw new ConfigError('stateDir is not a path');
  }
  const keepForResume = options.keepForResume ?? stateDir !== undefined;
  return { mode: parts, partSize, concurrency, stateDir, keepForResume };
}

/**
 * Whether a file of this size is to go in parts.
 *
 * @throws {ConfigError} when it must and cannot
 */
export function goesInParts({ mode }: PartsSettings, dialect: Dialect, purpose: string, size: number): boolean {
  if (mode === 'never') return false;
  if (dialect.upload === 'storage') {
    if (mode === 'auto') return false;
    throw new ConfigError(`the dialect "${dialect.name}" takes no files in parts`, { hint: "leave parts at 'auto'" });
  }
  if (mode === 'always') return true;
  return dialect.parts !== null && PURPOSES_IN_PARTS.has(purpose) && size >= AUTO_FROM_BYTES;
}

/** A stretch of a file. */
export interface Stretch {
  /** In bytes, from the start of the file. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** @throws {ConfigError} when there are too many */
export function stretchesOf(size: number, partSize: number): Stretch[] {
  const count = Math.ceil(size / partSize);
  if (count > MAX_PARTS) {
    throw new ConfigError(`${size} bytes in parts of ${partSize} are more than ${MAX_PARTS} parts`, {
      hint: `make partSize at least ${Math.ceil(size / MAX_PARTS)}`,
    });
  }
  return Array.from({ length: count }, (_, index) => ({
    offset: index * partSize,
    length: Math.min(partSize, size - index * partSize),
  }));
}
