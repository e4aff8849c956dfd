import { closeSync, fstatSync, openSync, type Stats } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { DatasetReadError } from '../errors.js';
import type { RereadFile } from './second-look.js';

/** Read at once: large enough that waking the thread that reads does not count. */
const CHUNK_BYTES = 1024 * 1024;

/** A dataset that is being read. Once it is closed, it is opened again for whoever wants to read lines of it again. */
export interface DatasetFile extends RereadFile {
  /** Size in bytes when it was opened. */
  readonly size: number;
  /** The bytes, in two buffers that take turns: each chunk is valid until the next is asked for. */
  chunks(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a dataset.
 *
 * @throws {DatasetReadError} When the file is missing, is not a regular file, or may not be read.
 */
export async function openDataset(path: string): Promise<DatasetFile> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, which Windows lacks, opening a pipe would wait for somebody to write to it.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw readError(error, path);
  }
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new DatasetReadError('EISDIR', path, `${path} is a directory; name a file in it`);
    if (!stat.isFile()) {
      throw new DatasetReadError('ENOTFILE', path, `${path} is not a regular file; pipe it in and name it "-"`);
    }
    const again = createReopened(path, stat);
    return {
      size: stat.size,
      // That of a handle which was closed is -1.
      descriptor: () => (handle.fd >= 0 ? handle.fd : again.descriptor()),
      release: again.release,
      chunks: () => readChunks(handle, path, stat.size),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error instanceof DatasetReadError ? error : readError(error, path);
  }
}

/** A file that was closed, if it is the same one still and nobody has written to it. */
function createReopened(path: string, before: Stats): RereadFile {
  let file: number | undefined;
  let isGone = false;
  return {
    descriptor() {
      if (file !== undefined || isGone) return file;
      try {
        file = openSync(path, 'r');
      } catch {
        // There may be too many open files now, and fewer later.
        return undefined;
      }
      const now = fstatSync(file);
      isGone =
        now.dev !== before.dev || now.ino !== before.ino || now.size !== before.size || now.mtimeMs !== before.mtimeMs;
      if (isGone) this.release();
      return file;
    },
    release() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

async function* readChunks(handle: FileHandle, path: string, size: number): AsyncIterable<Uint8Array> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let spare = Buffer.allocUnsafe(CHUNK_BYTES);
  // One chunk is read while the one before it is worked on.
  let next = handle.read(buffer, 0, CHUNK_BYTES);
  let bytes = 0;
  for (;;) {
    let length: number;
    try {
      length = (await next).bytesRead;
    } catch (error) {
      throw readError(error, path);
    }
    if (length === 0) {
      if (bytes >= size) return;
      const reason = `it had ${size} bytes and ended after ${bytes}`;
      throw new DatasetReadError(
        'ECHANGED',
        path,
        `${path} was cut while it was read: ${reason}; check it when nobody writes to it`,
      );
    }
    bytes += length;
    const chunk = buffer.subarray(0, length);
    [buffer, spare] = [spare, buffer];
    next = handle.read(buffer, 0, CHUNK_BYTES);
    // Whoever asks for it learns of its failure.
    next.catch(() => {});
    yield chunk;
  }
}

function readError(error: unknown, path: string): DatasetReadError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return new DatasetReadError(code, path, describe(code, path, error), { cause: error });
}

function describe(code: string, path: string, error: unknown): string {
  switch (code) {
    case 'ENOENT':
      return `${path} does not exist`;
    case 'EISDIR':
      return `${path} is a directory; name a file in it`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read: permission denied`;
    case 'ENOTDIR':
      return `${path} does not exist: a part of the path is a file`;
    case 'ENAMETOOLONG':
      return `the file name is too long: ${path.slice(0, 80)}…`;
    case 'EMFILE':
    case 'ENFILE':
      return `${path} could not be opened: too many files are open`;
    default:
      return `${path} could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
