import { ConfigError } from '../errors.js';
import { FileChangedError } from '../file-errors.js';
import {
  type ExpectedBytes,
  pinFile,
  type Snapshot,
  type Survey,
  snapshotOfBytes,
  surveySnapshot,
} from './snapshot.js';

/** What can be uploaded: a path, a `file:` URL, a snapshot that stays the caller's to close, or bytes in memory. */
export type FileSource = string | URL | Snapshot | { bytes: Uint8Array; filename: string };

/**
 * Opens whatever is to be uploaded.
 *
 * @param survey asked once the size is known; a file is read once, for its digest and for the survey together
 * @returns the snapshot, and whether it was opened here and must be closed here
 */
export async function openSource(
  source: FileSource,
  expect: ExpectedBytes | undefined,
  signal: AbortSignal,
  survey: Survey,
): Promise<{ snapshot: Snapshot; isOwn: boolean }> {
  if (typeof source === 'string' || source instanceof URL) {
    const snapshot = await pinFile(source, { signal, ...(expect === undefined ? {} : { expect }) }, survey);
    return { snapshot, isOwn: true };
  }
  const snapshot = isSnapshot(source) ? source : snapshotOfChecked(source);
  if (expect !== undefined && (expect.size !== snapshot.size || expect.sha256 !== snapshot.sha256)) {
    const { path, filename, size, sha256 } = snapshot;
    throw new FileChangedError(`${path ?? filename} does not hold the bytes that were checked`, path, {
      expected: expect,
      actual: { size, sha256 },
    });
  }
  await surveySnapshot(snapshot, survey, signal);
  return { snapshot, isOwn: false };
}

function snapshotOfChecked(source: Exclude<FileSource, string | URL>): Snapshot {
  if (typeof source !== 'object' || source === null || !('bytes' in source)) {
    throw new ConfigError('file is neither a path nor a file: URL, a snapshot or { bytes, filename }', {
      hint: 'name the file: a stream, a handle or a Blob cannot be held to be the same when it is read again',
    });
  }
  const { bytes, filename } = source;
  if (!(bytes instanceof Uint8Array)) throw new ConfigError('bytes is not a Uint8Array');
  if (typeof filename !== 'string') throw new ConfigError('bytes need a filename');
  return snapshotOfBytes(bytes, filename);
}

function isSnapshot(source: unknown): source is Snapshot {
  // Streams and file handles can be read, too; only a snapshot says what its bytes are.
  return typeof source === 'object' && source !== null && 'read' in source && 'sha256' in source;
}
