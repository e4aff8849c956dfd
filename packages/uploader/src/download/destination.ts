import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FileWriteError } from '../file-errors.js';

/** A file that appears under its name only when it is complete. */
export interface Destination {
  /** Absolute. */
  readonly path: string;
  /** Forgets what was written: a new attempt begins. */
  restart(): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  /** Gives the file its name. */
  commit(): Promise<void>;
  /** Removes what is left of an unfinished file. Harmless after `commit()`. */
  discard(): Promise<void>;
}

/** The part of Node's file system that a download writes with; tests put disks that fail in its place. */
export interface DestinationFs {
  open: typeof open;
  link: typeof link;
  lstat: typeof lstat;
  rename: typeof rename;
  rm: typeof rm;
  stat: typeof stat;
}

const NODE_FS: DestinationFs = { open, link, lstat, rename, rm, stat };

/**
 * Opens a temporary file beside `to`.
 *
 * @throws {FileWriteError} `E_FILE_EXISTS` when something has that name and must not be replaced, else `E_FILE_WRITE`
 */
export async function openDestination(
  to: string,
  overwrite: boolean,
  fs: DestinationFs = NODE_FS,
): Promise<Destination> {
  const path = resolve(to);
  await checkTarget(fs, path, overwrite);
  const temporary = join(dirname(path), `.${beginningOf(basename(path))}.${randomBytes(6).toString('hex')}.part`);
  // wx: a file or a link that somebody put there is never written through.
  const handle = await fs.open(temporary, 'wx').catch((cause) => {
    throw writeError(path, cause);
  });
  let position = 0;
  const guard = <T>(action: Promise<T>): Promise<T> =>
    action.catch((cause) => {
      throw writeError(path, cause);
    });
  return {
    path,
    async restart() {
      if (position > 0) await guard(handle.truncate(0));
      position = 0;
    },
    async append(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await guard(handle.write(bytes, done, bytes.length - done, position));
        done += bytesWritten;
        position += bytesWritten;
      }
    },
    async commit() {
      await guard(handle.sync());
      await guard(handle.close());
      await guard(overwrite ? fs.rename(temporary, path) : renameUnlessThere(fs, temporary, path));
    },
    async discard() {
      await closeQuietly(handle);
      await fs.rm(temporary, { force: true }).catch(() => {});
    },
  };
}

/** A name of any length, short enough for something to be added to it. */
function beginningOf(name: string): string {
  return Buffer.from(name).subarray(0, 100).toString();
}

async function checkTarget(fs: DestinationFs, path: string, overwrite: boolean): Promise<void> {
  // lstat: a symbolic link is something, wherever it leads; a rename replaces the link and not what it points to.
  const there = await fs.lstat(path).catch(() => undefined);
  if (there === undefined) return;
  if (there.isDirectory()) {
    throw new FileWriteError('E_FILE_WRITE', `${path} is a directory`, path, { hint: 'name the file to be written' });
  }
  if (!overwrite) throw exists(path);
  // A rename would put a file in the place of a pipe or a device, or of the link by which a device is known.
  const reached = await fs.stat(path).catch(() => undefined);
  if (reached === undefined || reached.isFile()) return;
  throw new FileWriteError('E_FILE_WRITE', `${path} is not a regular file`, path, {
    hint: 'name the file to be written, or take the content as a stream',
  });
}

/** `rename` replaces what is there. A hard link does not, but not every file system has them. */
async function renameUnlessThere(fs: DestinationFs, temporary: string, path: string): Promise<void> {
  try {
    await fs.link(temporary, path);
    // Its other name goes with `discard()`.
    return;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(path);
  }
  const reservation = await fs.open(path, 'wx').catch((error) => {
    throw codeOf(error) === 'EEXIST' ? exists(path) : error;
  });
  await reservation.close();
  try {
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

function exists(path: string): FileWriteError {
  return new FileWriteError('E_FILE_EXISTS', `${path} exists already`, path, { hint: 'set overwrite to replace it' });
}

function writeError(path: string, cause: unknown): FileWriteError {
  if (cause instanceof FileWriteError) return cause;
  const code = codeOf(cause);
  return new FileWriteError('E_FILE_WRITE', `${path} cannot be written: ${reasonOf(code)}`, path, { cause });
}

function reasonOf(code: string): string {
  if (code === 'ENOSPC') return 'the disk is full (ENOSPC)';
  if (code === 'EDQUOT') return 'the quota of the disk is used up (EDQUOT)';
  if (code === 'EACCES' || code === 'EPERM') return `permission denied (${code})`;
  if (code === 'EROFS') return 'the file system is read-only (EROFS)';
  if (code === 'ENOENT') return 'its directory does not exist (ENOENT)';
  return code;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

async function closeQuietly(handle: FileHandle): Promise<void> {
  await handle.close().catch(() => {});
}
