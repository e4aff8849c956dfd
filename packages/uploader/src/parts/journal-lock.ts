import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { processStart } from '../process-start.js';

/** Held while one process works with a journal. */
export interface JournalLock {
  /** Says that the process is still at work. */
  touch(): Promise<void>;
  release(): Promise<void>;
}

/**
 * A lock that nobody touched for longer belongs to nobody: an upload lives for an hour, and its owner touches the lock
 * with every part. It is what is left to go by where the process is another machine's, or its number another process's.
 */
const STALE_AFTER_MS = 65 * 60_000;

/**
 * Takes the lock of a journal.
 *
 * @returns `null` when another process holds it
 */
export async function takeLock(path: string, now: () => number): Promise<JournalLock | null> {
  const startedAt = await processStart('self');
  const mine = JSON.stringify({ pid: process.pid, startedAt, host: hostname(), token: randomBytes(8).toString('hex') });
  if (!(await create(path, mine)) && !((await removeIfStale(path, now)) && (await create(path, mine)))) return null;
  return {
    async touch() {
      const time = new Date(now());
      await utimes(path, time, time).catch(() => {});
    },
    async release() {
      if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true });
    },
  };
}

async function create(path: string, content: string): Promise<boolean> {
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    await handle.writeFile(content);
  } catch (error) {
    // On a full disk: without an owner it would hold for an hour.
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

/** Moves it away before it is removed: of two processes that find the same stale lock only one gets it. */
async function removeIfStale(path: string, now: () => number): Promise<boolean> {
  const seen = await readFile(path, 'utf8').catch(() => '');
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.NaN }));
  if (!(await isOwnerGone(seen)) && !(now() - mtimeMs > STALE_AFTER_MS)) return false;
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
    const taken = await readFile(aside, 'utf8');
    // Somebody was quicker, and this is the new lock: back it goes.
    if (taken !== seen) await link(aside, path).catch(() => {});
    return taken === seen;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  } finally {
    await rm(aside, { force: true });
  }
}

async function isOwnerGone(content: string): Promise<boolean> {
  let owner: unknown;
  try {
    owner = JSON.parse(content);
  } catch {
    // Being written at this moment, or broken: only its age tells.
    return false;
  }
  if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('host' in owner)) return false;
  if (owner.host !== hostname() || typeof owner.pid !== 'number') return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return true;
  }
  // Its number may be another process's by now.
  const actual = await processStart(owner.pid);
  const noted = 'startedAt' in owner && typeof owner.startedAt === 'string' ? owner.startedAt : null;
  return noted !== null && actual !== null && noted !== actual;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
