import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatJournal, type JournalSubject, parseJournal, type Session } from './journal-file.js';
import { type JournalLock, takeLock } from './journal-lock.js';

/** What survives a crash of an upload in parts. */
export interface Journal {
  /** Whether a later call will find what is saved. */
  readonly isKept: boolean;
  /** What an earlier call left and can be gone on with. */
  readonly found: Session | undefined;
  /** Writes the session down; a failure is told once and otherwise ignored: the upload does not depend on it. */
  save(session: Session): Promise<void>;
  /** The upload is over, one way or the other. */
  remove(): Promise<void>;
  /** Lets the journal go; it stays where it is. */
  close(): Promise<void>;
}

/** For those who keep none. */
const NO_JOURNAL: Journal = {
  isKept: false,
  found: undefined,
  save: async () => {},
  remove: async () => {},
  close: async () => {},
};

/** No journal of ours is larger: 10,000 parts have two megabytes. */
const MAX_JOURNAL_BYTES = 8 * 1024 * 1024;

/** Everything but the file that tells one upload from another. */
export interface UploadIdentity {
  readonly baseURL: string;
  /** Key, organisation and project, as they are sent. Only a hash of them is kept, mixed with all the rest. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly purpose: string;
  readonly filename: string;
  readonly mimeType: string;
  /** In seconds. */
  readonly expiresAfter: number | undefined;
}

/** A name for an upload that does not tell the key. */
export function identityOf(identity: UploadIdentity): string {
  const { baseURL, credentials, purpose, filename, mimeType, expiresAfter } = identity;
  const key = createHash('sha256')
    .update(JSON.stringify(Object.entries(credentials).sort()))
    .digest('hex');
  const whole = JSON.stringify([baseURL, key, purpose, filename, mimeType, expiresAfter ?? null]);
  return createHash('sha256').update(whole).digest('hex').slice(0, 32);
}

/**
 * Opens the journal of an upload and locks it. What cannot be used is named to `warn` and the upload begins anew: a
 * journal saves time, and nothing that it says is worth a failure.
 */
export async function openJournal(
  stateDir: string | undefined,
  subject: JournalSubject,
  now: () => number,
  warn: (message: string) => void,
): Promise<Journal> {
  if (stateDir === undefined) return NO_JOURNAL;
  const directory = resolve(stateDir);
  const path = join(directory, `${subject.sha256}-${subject.identity}.json`);
  const giveUp = (reason: string) => {
    warn(`the journal ${path} ${reason}: if this upload fails it cannot be resumed`);
    return NO_JOURNAL;
  };
  let lock: JournalLock | null;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    lock = await takeLock(`${path}.lock`, now);
  } catch (error) {
    return giveUp(`cannot be kept (${codeOf(error)})`);
  }
  if (lock === null) return giveUp('is in use by another upload of the same file');
  return lockedJournal(path, lock, subject, warn);
}

async function lockedJournal(
  path: string,
  lock: JournalLock,
  subject: JournalSubject,
  warn: (message: string) => void,
): Promise<Journal> {
  const found = await read(path, subject);
  if (typeof found === 'string') warn(`the journal ${path} ${found}: the upload begins anew`);
  let hasFailed = false;
  let last: Promise<void> = Promise.resolve();
  /** One after the other: the last state must win. */
  const inTurn = (action: () => Promise<void>) => {
    last = last.then(action).catch((error: unknown) => {
      if (!hasFailed) warn(`the journal ${path} cannot be written (${codeOf(error)}): this upload cannot be resumed`);
      hasFailed = true;
    });
    return last;
  };
  return {
    get isKept() {
      return !hasFailed;
    },
    found: typeof found === 'string' ? undefined : found,
    save(session) {
      const text = formatJournal(subject, session);
      return inTurn(async () => {
        await replace(path, text);
        await lock.touch();
      });
    },
    remove: () => inTurn(() => rm(path, { force: true })),
    async close() {
      await last;
      await lock.release().catch(() => {});
    },
  };
}

async function read(path: string, subject: JournalSubject): Promise<Session | string | undefined> {
  try {
    const { size } = await lstat(path).then((it) => (it.isFile() ? it : { size: Number.POSITIVE_INFINITY }));
    if (size > MAX_JOURNAL_BYTES) return 'is no journal';
    return parseJournal(await readFile(path, 'utf8'), subject);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : `cannot be read (${codeOf(error)})`;
  }
}

/** There is always a whole journal under its name, the old one or the new one, whatever happens in between. */
async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
