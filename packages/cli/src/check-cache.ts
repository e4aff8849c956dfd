import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Diagnostic, Report } from '@tunegate/validator';

/** What a check of a file found out. */
export interface CachedCheck {
  readonly diagnostics: readonly Diagnostic[];
  readonly report: Report;
}

/** Remembers checks of files, so that an unchanged file with unchanged options is not read twice. */
export interface CheckCache {
  /** Looks a check up. Whatever is wrong with the cache, it is as if nothing was remembered. */
  find(path: string, signal?: AbortSignal): Promise<CachedCheck | undefined>;
  /** Notes what a file is like before it is checked; the result of that is what `store` takes. */
  begin(path: string): Promise<FileState | undefined>;
  /** Remembers a check, unless the file changed meanwhile or there is too much to remember. */
  store(path: string, before: FileState | undefined, check: CachedCheck): Promise<void>;
}

/** What tells one state of a file from another, in decimal numbers. */
export interface FileState {
  readonly identity: string;
  readonly size: number;
  /** Whether a later change would certainly show in it. */
  readonly isCertain: boolean;
}

interface Entry extends CachedCheck {
  readonly layout: number;
  readonly key: string;
  /** Absent when it was too young to be certain: then the content decides. */
  readonly identity?: string;
}

/** Moves when an entry is written in another way. */
const LAYOUT = 1;
/** More findings than this are not remembered: it would take longer to read them than to find them. */
export const MAX_CACHED_DIAGNOSTICS = 20_000;
/** A change within so many milliseconds of the one before may have the same time: clocks of file systems are coarse. */
const COARSE_MS = 100;
const COARSEST_MS = 2_000;

/**
 * @param directory - Made when the first check is remembered; git is told to ignore it.
 * @param options - Everything that decides what is found, as plain data.
 * @param now - The time of day, in milliseconds.
 */
export function createCheckCache(directory: string, options: unknown, now: () => number): CheckCache {
  // The path as it was written, too: that is what findings call the file.
  const key = (path: string) => sha256(JSON.stringify([LAYOUT, resolve(path), path, options]));
  const fileOf = (path: string) => join(directory, `${key(path)}.json`);

  return {
    async find(path, signal) {
      const [entry, state] = await Promise.all([readEntry(fileOf(path), key(path)), stateOf(path, now)]);
      if (entry === undefined || state === undefined || entry.report.bytes !== state.size) return undefined;
      if (entry.identity === state.identity) return entry;
      // Another time or place on the disk: the same content is found in a fraction of the time of a check.
      return (await sha256OfFile(path, signal)) === entry.report.sha256 ? entry : undefined;
    },

    begin: (path) => stateOf(path, now),

    async store(path, before, { diagnostics, report }) {
      if (before === undefined || diagnostics.length > MAX_CACHED_DIAGNOSTICS) return;
      const after = await stateOf(path, now);
      if (after?.identity !== before.identity || before.size !== report.bytes) return;
      const identity = before.isCertain ? { identity: before.identity } : {};
      const entry: Entry = { layout: LAYOUT, key: key(path), ...identity, diagnostics, report };
      const text = JSON.stringify(entry);
      const temporary = join(directory, `${randomUUID()}.tmp`);
      try {
        await mkdir(directory, { recursive: true });
        await writeFile(join(directory, '.gitignore'), '*\n');
        // The first line vouches for the second: half an entry is none. Excerpts are data: nobody else may read them.
        await writeFile(temporary, `${sha256(text)}\n${text}`, { mode: 0o600 });
        await rename(temporary, fileOf(path));
      } catch {
        // A cache that cannot be written is no reason to fail.
        await rm(temporary, { force: true }).catch(() => {});
      }
    },
  };
}

async function readEntry(file: string, key: string): Promise<Entry | undefined> {
  try {
    const content = await readFile(file, 'utf8');
    const feed = content.indexOf('\n');
    const text = content.slice(feed + 1);
    if (sha256(text) !== content.slice(0, feed)) return undefined;
    const entry = JSON.parse(text) as Entry;
    return entry.layout === LAYOUT && entry.key === key ? entry : undefined;
  } catch {
    return undefined;
  }
}

async function stateOf(path: string, now: () => number): Promise<FileState | undefined> {
  const seenAt = now();
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
    const coarse = ctimeNs % 1_000_000_000n === 0n ? COARSEST_MS : COARSE_MS;
    return {
      identity: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
      size: Number(size),
      isCertain: seenAt - Number(ctimeMs) > coarse,
    };
  } catch {
    return undefined;
  }
}

async function sha256OfFile(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { ...(signal && { signal }) });
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
