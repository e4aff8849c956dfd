import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { usageError } from './command-error.js';
import type { FormatRequest } from './format-request.js';
import { refuseFile, refuseInput } from './written-file.js';

/** Where the fingerprints of a dataset go. */
export interface FingerprintPlace {
  readonly path: string;
  /** What the report calls it: its path from the report, where that is a file. */
  readonly name: string;
}

/**
 * Where the fingerprints of each dataset go.
 *
 * @param given The value of `--fingerprints`: a file, or a folder, which ends in a slash or exists.
 * @throws CommandError for several datasets and one file, for a file that is a dataset
 */
export async function fingerprintPlaces(
  given: string | undefined,
  datasets: readonly string[],
  requests: readonly FormatRequest[],
): Promise<readonly FingerprintPlace[] | undefined> {
  if (given === undefined) return undefined;
  const report = requests.find(({ name, file }) => name === 'json' && file !== undefined)?.file;
  const nameOf = (path: string) => (report === undefined ? path : relative(dirname(report), path));
  const isFolder =
    /[\\/]$/.test(given) ||
    (await stat(given).then(
      (it) => it.isDirectory(),
      () => false,
    ));
  if (!isFolder) {
    if (datasets.length > 1) {
      throw usageError(
        `--fingerprints ${given} is one file, and there are ${datasets.length} to check`,
        'end it with a slash: each gets a file of its own in that folder',
      );
    }
    await refuseInput(given, datasets, 'fingerprints are');
    const format = requests.find(({ file }) => file !== undefined && resolve(file) === resolve(given));
    if (format) throw usageError(`--fingerprints and --format ${format.name} cannot both be written to ${given}`);
    return [{ path: given, name: nameOf(given) }];
  }
  await mkdir(given, { recursive: true }).catch(refuseFile(given));
  const taken = new Map<string, number>();
  return datasets.map((dataset) => {
    const name = dataset === '-' ? 'stdin' : basename(dataset);
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    const path = join(given, `${name}${times === 1 ? '' : `-${times}`}.fingerprints`);
    return { path, name: nameOf(path) };
  });
}

/** A file of fingerprints that is there as a whole or not at all. */
export interface FingerprintFile {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** The file is whole. */
  finish(): Promise<void>;
  /** Leaves nothing of it, unless it is finished. */
  discard(): Promise<void>;
}

/** @throws CommandError when it cannot be written */
export async function openFingerprintFile(path: string): Promise<FingerprintFile> {
  const refuse = refuseFile(path);
  const temporary = `${path}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w').catch(refuse);
  let isOpen = true;
  let isFinished = false;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    write: (bytes) => handle.writeFile(bytes).catch(refuse),
    async finish() {
      await close().catch(refuse);
      await rename(temporary, path).catch(refuse);
      isFinished = true;
    },
    async discard() {
      if (isFinished) return;
      await close().catch(() => {});
      await rm(temporary, { force: true }).catch(() => {});
    },
  };
}
