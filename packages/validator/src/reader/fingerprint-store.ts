import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The fingerprints of one file, until they are read. */
export interface StoredFingerprints {
  write(bytes: Uint8Array): Promise<void>;
  read(): AsyncGenerator<Uint8Array>;
}

/** Keeps the fingerprints of several files until all of them have been checked. */
export interface FingerprintStore {
  /** Begins with the next file. */
  open(): StoredFingerprints;
  /** Removes all of it. */
  close(): Promise<void>;
}

/** So much of all files together is kept in memory, that of more than a million examples; the rest goes to a file. */
const MEMORY_BYTES = 64 * 1024 * 1024;

/** @param memoryBytes - How much is kept in memory. @param temporary - Where the rest goes, in a folder of its own. */
export function createFingerprintStore(memoryBytes = MEMORY_BYTES, temporary = tmpdir()): FingerprintStore {
  let room = memoryBytes;
  let directory: string | undefined;
  let files = 0;
  return {
    open() {
      const pieces: Uint8Array[] = [];
      let path: string | undefined;
      return {
        async write(bytes) {
          if (path === undefined && bytes.length <= room) {
            room -= bytes.length;
            pieces.push(bytes);
            return;
          }
          directory ??= await mkdtemp(join(temporary, 'tunegate-'));
          if (path === undefined) {
            path = join(directory, String(files));
            files += 1;
          }
          await appendFile(path, bytes, { mode: 0o600 });
        },
        async *read() {
          yield* pieces;
          if (path !== undefined) yield* createReadStream(path, { highWaterMark: 1024 * 1024 });
        },
      };
    },
    async close() {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
