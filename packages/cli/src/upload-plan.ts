import { basename } from 'node:path';
import type { FileObject, FilePurpose, FilesClient, PartsOptions } from '@tunegate/uploader';
import { CommandError, usageError } from './command-error.js';
import { type Destination, uploadName } from './destination.js';
import { findExisting, type WantedFile } from './existing-file.js';
import { EXIT } from './exit-code.js';
import type { FlagValues } from './flags.js';
import type { Progress } from './progress.js';
import { uploadFailure } from './upload-failure.js';

/** What an upload works with from its first line to its last. */
export interface UploadJob {
  readonly flags: FlagValues;
  readonly to: Destination;
  readonly uploader: typeof import('@tunegate/uploader');
  readonly client: FilesClient;
  readonly purpose: FilePurpose;
  readonly signal: AbortSignal;
  /** How the file is sent in parts, if it is. */
  readonly parts: PartsOptions;
  readonly progress: Progress;
  readonly note: (text: string) => Promise<void>;
}

/** The bytes that were checked. */
export interface CheckedBytes {
  readonly size: number;
  readonly sha256: string;
}

/** What `fillFileName` of the uploader fills in. */
const PLACEHOLDER = /\{(?:stem|sha256(?::\d+)?)\}/;

/** @throws CommandError for flags that exclude each other, or need each other */
export function refuseContradictions(flags: FlagValues): void {
  if (flags.wait && flags['no-wait']) throw usageError('--wait and --no-wait exclude each other');
  if (flags['compare-content'] && !flags['skip-existing']) {
    throw usageError('--compare-content says how --skip-existing compares', 'give --skip-existing as well');
  }
  if (flags.valid !== undefined && flags.name !== undefined && !PLACEHOLDER.test(flags.name)) {
    throw usageError(`two files cannot both be named ${flags.name}`, 'put {stem} or {sha256:8} into it');
  }
  if (flags['skip-existing'] && !flags['compare-content'] && flags.name && !/\{sha256(?::\d+)?\}/.test(flags.name)) {
    throw usageError(
      `--skip-existing cannot tell files apart by the name ${flags.name}`,
      'put {sha256:8} into it, or compare what the files hold with --compare-content',
    );
  }
}

/** The name to send a file under, placeholders and all. */
export function nameTemplate(path: string, { target }: Destination, flags: FlagValues): string {
  const isHashed = flags['skip-existing'] && !flags['compare-content'] && flags.name === undefined;
  const name = uploadName(path, target, flags.name);
  // A file may be called like a placeholder; only --name is one.
  if (!isHashed && (flags.name !== undefined || !PLACEHOLDER.test(name))) return name;
  const extension = /(?<=.)\.[^.]*$/.exec(name)?.[0] ?? '';
  return `{stem}${isHashed ? '-{sha256:8}' : ''}${extension}`;
}

/** What would be sent. Reads the file; what was checked must still be there. */
export async function planUpload(
  { uploader, to, purpose, signal }: UploadJob,
  path: string,
  template: string,
  expect: CheckedBytes | undefined,
): Promise<WantedFile> {
  try {
    const snapshot = await uploader.openSnapshot(path, { ...(expect && { expect, verify: true }), signal });
    await snapshot.close();
    const { size: bytes, sha256 } = snapshot;
    const filename = uploader.fillFileName(template, { filename: basename(path), sha256 });
    return { purpose, filename, bytes, sha256 };
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  }
}

/** The file on the server that makes the upload needless. */
export async function lookForExisting(job: UploadJob, wanted: WantedFile): Promise<FileObject | undefined> {
  const { client, flags, uploader, to, signal } = job;
  try {
    return await findExisting(client, wanted, flags['compare-content'] ? 'content' : 'name', signal);
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  }
}

/** More than what surrounds a file in its request ever takes. */
const FRAMING_BYTES = 2048;

/**
 * What `--dry-run` says.
 *
 * @throws CommandError for a file that is too large for the target
 */
export function dryRunText({ to, flags }: UploadJob, path: string, wanted: WantedFile): string {
  const { filename, bytes, sha256, purpose } = wanted;
  const maxBytes = flags.parts === 'never' ? to.maxBytes : to.maxBytesInParts;
  if (bytes + FRAMING_BYTES > maxBytes) {
    const message = `${path} has ${bytes} bytes: too many for ${to.target}, which takes ${maxBytes}`;
    throw new CommandError(EXIT.usage, message, { help: 'split the dataset' });
  }
  const expiry = flags['expires-after'] === undefined ? '' : `, to be deleted after ${flags['expires-after']} s`;
  return `would send ${path} to ${to.host} as ${filename}: ${bytes} bytes, sha256 ${sha256}, purpose ${purpose}${expiry}; nothing was sent (--dry-run)`;
}
