import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createFileId, isFileId, parseMetadata, type StoredFile, serializeMetadata } from './stored-file.js';

/** A file that is still being received: invisible until `commit`. */
export interface PendingFile {
  /** What the file will be called. */
  readonly id: string;
  /** Writes the content to disk; resolves to its number of bytes. */
  receive(content: Readable): Promise<number>;
  /** Makes the file visible, now and to a later server on the same directory. */
  commit(details: Omit<StoredFile, 'id' | 'sequence'>): Promise<StoredFile>;
  /** Removes what was written; does nothing after `commit`. */
  discard(): Promise<void>;
}

/** The files of one directory. */
export interface FileStore {
  /** Every file, oldest first, those that are over their expiry left out. */
  all(): readonly StoredFile[];
  get(id: string): StoredFile | undefined;
  begin(): PendingFile;
  /** Opens the content; the handle stays readable when the file is removed meanwhile. */
  open(file: StoredFile): Promise<FileHandle>;
  remove(file: StoredFile): Promise<void>;
}

/** Large enough that a fast sender is not slowed down by one disk write a network chunk. */
const WRITE_BUFFER_BYTES = 1024 * 1024;

// On disk a file is `<id>.data` and `<id>.json`; the second one decides: it is written last and removed first, so that a
// crash at any point leaves either a whole file or a leftover that the next start removes. Nothing is flushed to the
// medium: after a power cut a file may be missing, and one whose size is wrong is not served.
const dataName = (id: string) => `${id}.data`;
const metadataName = (id: string) => `${id}.json`;
const uploadName = (id: string) => `${id}.upload`;
const draftName = (id: string) => `${id}.json.draft`;

/**
 * Opens the directory as a store: creates it if missing, removes what interrupted uploads left, and reads the files that
 * are there. Anything that is not the store's own is neither served nor touched.
 *
 * @param clock milliseconds since the Unix epoch
 */
export async function openStore(directory: string, clock: () => number): Promise<FileStore> {
  await makeDirectory(directory);
  // Better now than at the first upload. What a crash leaves of this is an upload's leftover, too.
  const probe = join(directory, uploadName(createFileId()));
  await writeFile(probe, '', { flag: 'wx', mode: 0o600 });
  await rm(probe);
  const files = await loadFiles(directory);
  const path = (name: string) => join(directory, name);
  let lastSequence = 0;
  for (const file of files.values()) lastSequence = Math.max(lastSequence, file.sequence);

  const isLive = (file: StoredFile) => file.expires_at === null || clock() < file.expires_at * 1000;

  async function remove(file: StoredFile) {
    files.delete(file.id);
    await rm(path(metadataName(file.id)), { force: true });
    await rm(path(dataName(file.id)), { force: true });
  }

  // At the start and with each new file: often enough that what nobody can see any more does not fill the disk.
  async function removeExpired() {
    for (const file of [...files.values()]) if (!isLive(file)) await remove(file);
  }
  await removeExpired();

  function begin(): PendingFile {
    const id = createFileId();
    return {
      id,
      async receive(content) {
        const file = createWriteStream(path(uploadName(id)), {
          flags: 'wx',
          mode: 0o600,
          highWaterMark: WRITE_BUFFER_BYTES,
        });
        await pipeline(content, file);
        return file.bytesWritten;
      },
      async commit(details) {
        await rename(path(uploadName(id)), path(dataName(id)));
        lastSequence += 1;
        const stored: StoredFile = { id, ...details, sequence: lastSequence };
        await writeFile(path(draftName(id)), serializeMetadata(stored), { mode: 0o600 });
        await rename(path(draftName(id)), path(metadataName(id)));
        files.set(id, stored);
        await removeExpired();
        return stored;
      },
      async discard() {
        if (files.has(id)) return;
        for (const name of [draftName(id), metadataName(id), dataName(id), uploadName(id)])
          await rm(path(name), { force: true });
      },
    };
  }

  return {
    all: () =>
      [...files.values()].filter(isLive).sort((a, b) => a.created_at - b.created_at || a.sequence - b.sequence),
    get(id) {
      const file = files.get(id);
      return file !== undefined && isLive(file) ? file : undefined;
    },
    begin,
    open: (file) => open(path(dataName(file.id)), 'r'),
    remove,
  };
}

async function loadFiles(directory: string): Promise<Map<string, StoredFile>> {
  const content = await readdir(directory, { withFileTypes: true });
  const names = new Set(content.filter((found) => found.isFile()).map((found) => found.name));
  const files = new Map<string, StoredFile>();
  for (const name of names) {
    const [id = '', ...extension] = name.split('.');
    if (!isFileId(id)) continue;
    switch (extension.join('.')) {
      case 'upload':
      case 'json.draft':
        await rm(join(directory, name), { force: true });
        break;
      case 'data':
        // Metadata that cannot be read keeps its data: a person may want to look at both.
        if (!names.has(metadataName(id))) await rm(join(directory, name), { force: true });
        break;
      case 'json': {
        const file = names.has(dataName(id)) ? await loadFile(directory, id) : undefined;
        if (file !== undefined) files.set(id, file);
        break;
      }
    }
  }
  return files;
}

/** `undefined` for what is not a whole file: no reason not to start, but nothing to serve either. */
async function loadFile(directory: string, id: string): Promise<StoredFile | undefined> {
  try {
    const file = parseMetadata(await readFile(join(directory, metadataName(id)), 'utf8'));
    const { size } = await stat(join(directory, dataName(id)));
    return file?.id === id && file.bytes === size ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Parents first: `mkdir` with `recursive` never ends where the system says that a parent is missing which is there (/proc). */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && (await stat(directory)).isDirectory()) return;
    const parent = dirname(directory);
    if (code !== 'ENOENT' || parent === directory || (await exists(parent))) throw error;
    await makeDirectory(parent);
    await mkdir(directory, { mode: 0o700 });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
