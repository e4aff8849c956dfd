import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { throwIfAborted } from '../call-signal.js';
import { checkObject } from '../check-options.js';
import { ConfigError } from '../errors.js';
import { FileChangedError, FileEmptyError, FileReadError } from '../file-errors.js';

/** Which bytes are meant: their number and their digest. */
export interface ExpectedBytes {
  /** In bytes. */
  readonly size: number;
  /** Hexadecimal, 64 digits. */
  readonly sha256: string;
}

/**
 * One state of a file: its size and SHA-256, and a descriptor that stays open, so that every attempt reads the same
 * file even if its name goes to another one in between.
 *
 * The descriptor pins the file, not its bytes: whoever sends them compares what was read with `sha256`.
 */
export interface Snapshot {
  /** Last part of the path. */
  readonly filename: string;
  /** Absolute; `null` for bytes in memory. */
  readonly path: string | null;
  /** In bytes, at least 1. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /**
   * Fills `buffer` from `position` on.
   *
   * @returns how many bytes were there; fewer than asked only at the end of the file
   * @throws {FileReadError}
   */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** The present size of the file. */
  currentSize(): Promise<number>;
  /** Somebody touched the file, or its name leads elsewhere, since the snapshot was taken. */
  hasDrifted(): Promise<boolean>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SnapshotOptions {
  /**
   * Size and digest from an earlier reading of the file, for example from a validator's report. The file is then not
   * read now: its bytes are compared while they are sent, before the last of them goes out.
   */
  expect?: ExpectedBytes;
  /** Read the file now even though `expect` says what it must be, to fail before anything is sent. @default false */
  verify?: boolean;
  signal?: AbortSignal;
}

/** The part of Node's file system that a snapshot needs; tests put disks that fail in its place. */
export interface SourceFs {
  open(path: string, flags: number): Promise<Pick<FileHandle, 'stat' | 'read' | 'close'>>;
  stat: typeof stat;
}

/**
 * Asked as soon as the size of a file is known, before it is read; may refuse the file by throwing. A function in answer
 * gets every byte of the file, in order, in one reading now.
 */
export type Survey = (file: {
  /** Absolute; `null` for bytes in memory. */
  readonly path: string | null;
  readonly filename: string;
  readonly size: number;
}) => ((chunk: Uint8Array) => void) | undefined;

/** Large enough to keep system calls rare, small enough to stay in the caches; measured with the upload itself. */
export const READ_SIZE = 256 * 1024;

/**
 * Opens a file and pins it. Close it when the upload is done.
 *
 * @param path a path, or a `file:` URL
 * @throws {FileReadError} the file cannot be opened or read, or is no regular file
 * @throws {FileEmptyError}
 * @throws {AbortedError}
 * @throws {FileChangedError} the file is not what `expect` says, or changes while it is read
 */
export function openSnapshot(path: string | URL, options: SnapshotOptions = {}): Promise<Snapshot> {
  return pinFile(path, options);
}

/** As {@link openSnapshot}, for those who want to see the bytes as they are read. */
export async function pinFile(
  path: string | URL,
  options: SnapshotOptions,
  survey: Survey = () => undefined,
  fs: SourceFs = { open, stat },
): Promise<Snapshot> {
  const expected = options.expect === undefined ? undefined : checkExpected(options.expect);
  throwIfAborted(options.signal);
  const absolute = resolve(path instanceof URL ? fileUrlToPath(path) : path);
  const handle = await openForReading(fs, absolute);
  try {
    const first = await handle.stat({ bigint: true });
    if (!first.isFile()) {
      throw new FileReadError('E_FILE_KIND', `${absolute} is not a regular file`, absolute, {
        hint: 'name a file: pipes, devices and directories cannot be sent twice',
      });
    }
    const size = Number(first.size);
    if (size === 0) throw new FileEmptyError('E_FILE_EMPTY', `${absolute} is empty`, absolute);
    if (expected !== undefined && size !== expected.size) {
      throw new FileChangedError(`${absolute} has ${size} bytes, but ${expected.size} were checked`, absolute, {
        expected,
        actual: { size, sha256: null },
      });
    }
    const filename = basename(absolute);
    const watch = survey({ path: absolute, filename, size });
    const read = (buffer: Uint8Array, position: number) => readFully(handle, buffer, position, absolute);
    const mustRead = expected === undefined || options.verify === true || watch !== undefined;
    const sha256 = mustRead
      ? await digest({ read, size, path: absolute, filename }, options.signal, watch)
      : expected.sha256;
    if (expected !== undefined && sha256 !== expected.sha256) {
      throw new FileChangedError(`${absolute} does not hold the bytes that were checked`, absolute, {
        expected,
        actual: { size, sha256 },
      });
    }
    const close = () => handle.close();
    return {
      filename,
      path: absolute,
      size,
      sha256,
      read,
      currentSize: async () => (await handle.stat()).size,
      async hasDrifted() {
        const now = await handle.stat({ bigint: true });
        if (now.mtimeNs !== first.mtimeNs || now.size !== first.size) return true;
        const named = await fs.stat(absolute, { bigint: true }).catch(() => undefined);
        return named === undefined || named.ino !== first.ino || named.dev !== first.dev;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Bytes in memory as a snapshot. They are not copied: a change before they are sent is noticed like that of a file. */
export function snapshotOfBytes(bytes: Uint8Array, filename: string): Snapshot {
  if (bytes.length === 0) throw new FileEmptyError('E_FILE_EMPTY', `${filename} is empty`, null);
  const close = async () => {};
  return {
    filename,
    path: null,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    async read(buffer, position) {
      const part = bytes.subarray(position, position + buffer.length);
      buffer.set(part);
      return part.length;
    },
    currentSize: async () => bytes.length,
    hasDrifted: async () => false,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** @throws {ConfigError} */
export function checkExpected(expect: ExpectedBytes): ExpectedBytes {
  checkObject('expect', expect);
  const { size, sha256 } = expect;
  if (!Number.isSafeInteger(size) || size < 0) throw new ConfigError('expect.size is not a number of bytes');
  if (!/^[0-9a-f]{64}$/i.test(sha256)) throw new ConfigError('expect.sha256 is not 64 hexadecimal digits');
  return { size, sha256: sha256.toLowerCase() };
}

function fileUrlToPath(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new ConfigError('a URL as a file must be a file: URL of this machine', { cause });
  }
}

async function openForReading(fs: SourceFs, path: string): Promise<OpenFile> {
  try {
    // Opening a pipe waits for its writer; with O_NONBLOCK (absent on Windows) it does not, and fstat then tells.
    return await fs.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw new FileReadError('E_FILE_READ', `${path} ${whyNotOpened(codeOf(cause))}`, path, { cause });
  }
}

function whyNotOpened(code: string): string {
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'ENOTDIR') return 'does not exist: a part of the path is a file';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read: permission denied';
  return `cannot be opened (${code})`;
}

type OpenFile = Awaited<ReturnType<SourceFs['open']>>;

async function readFully(handle: OpenFile, buffer: Uint8Array, position: number, path: string): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    let count: number;
    try {
      ({ bytesRead: count } = await handle.read(buffer, filled, buffer.length - filled, position + filled));
    } catch (cause) {
      throw new FileReadError('E_FILE_READ', `${path} cannot be read (${codeOf(cause)})`, path, { cause });
    }
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Reads the whole of a file once; every byte is shown to `watch`. */
async function digest(
  { read, size, path, filename }: Pick<Snapshot, 'read' | 'size' | 'path' | 'filename'>,
  signal: AbortSignal | undefined,
  watch: ((chunk: Uint8Array) => void) | undefined,
): Promise<string> {
  const hash = createHash('sha256');
  // Hashing is synchronous and nothing keeps the buffer, so that one serves for all.
  const buffer = Buffer.allocUnsafe(Math.min(READ_SIZE, size));
  for (let position = 0; position < size; ) {
    throwIfAborted(signal);
    const part = buffer.subarray(0, Math.min(buffer.length, size - position));
    const count = await read(part, position);
    if (count < part.length) {
      throw new FileChangedError(`${path ?? filename} was cut while it was read`, path, {
        expected: { size, sha256: null },
        actual: { size: position + count, sha256: null },
      });
    }
    hash.update(part);
    watch?.(part);
    position += count;
  }
  return hash.digest('hex');
}

/**
 * Reads a snapshot that is already open, for a survey that wants its bytes.
 *
 * @throws {FileChangedError} it does not hold the bytes that it was taken of
 */
export async function surveySnapshot(snapshot: Snapshot, survey: Survey, signal: AbortSignal): Promise<void> {
  const watch = survey(snapshot);
  if (watch === undefined) return;
  const { path, filename, size, sha256: expected } = snapshot;
  const sha256 = await digest(snapshot, signal, watch);
  if (sha256 === expected) return;
  throw new FileChangedError(`${path ?? filename} does not hold the bytes that were checked`, path, {
    expected: { size, sha256: expected },
    actual: { size, sha256 },
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
