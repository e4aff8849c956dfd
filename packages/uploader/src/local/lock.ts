import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processStart } from '../process-start.js';

const LOCK_NAME = '.tunegate-server.lock';

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since the machine's; `null` where the system does not say. */
  readonly startedAt: string | null;
  readonly token: string;
}

/** Somebody else has the directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly pid: number;

  constructor(pid: number) {
    super(`process ${pid} has the directory`);
    this.pid = pid;
  }
}

/** Locks of this process: its number alone could be that of an earlier one, as in a container that was started again. */
const own = new Set<string>();

/**
 * Takes the directory for one server, by a file in it. A lock whose process is gone is taken over.
 *
 * @returns what gives the directory back
 * @throws DirectoryInUseError
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LOCK_NAME);
  const token = randomBytes(16).toString('hex');
  const text = JSON.stringify({ pid: process.pid, startedAt: await processStart('self'), token } satisfies Owner);
  for (let tries = 0; ; tries += 1) {
    try {
      await writeFile(path, text, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST') || tries === 5) throw error;
    }
    await removeIfStale(path, `${path}.${token}`);
  }
  own.add(token);
  return async () => {
    own.delete(token);
    if ((await read(path))?.token === token) await rm(path, { force: true });
  };
}

/** @param aside where the stale lock goes first: of two that take it away, only one gets it @throws DirectoryInUseError */
async function removeIfStale(path: string, aside: string): Promise<void> {
  const owner = await read(path);
  if (owner !== undefined && (await isAlive(owner))) throw new DirectoryInUseError(owner.pid);
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  const taken = await read(aside);
  // Between the two looks somebody else may have been quicker: then this is a lock that holds.
  if (taken !== undefined && taken.token !== owner?.token) {
    await rename(aside, path);
    throw new DirectoryInUseError(taken.pid);
  }
  await rm(aside, { force: true });
}

/** `undefined` for what is not there or not a whole lock. */
async function read(path: string): Promise<Owner | undefined> {
  try {
    const { pid, startedAt, token } = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner>;
    if (typeof pid !== 'number' || pid < 1 || typeof token !== 'string') return undefined;
    return { pid, startedAt: typeof startedAt === 'string' ? startedAt : null, token };
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, startedAt, token }: Owner): Promise<boolean> {
  if (pid === process.pid) return own.has(token);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if (!isCode(error, 'EPERM')) return false;
  }
  const actual = await processStart(pid);
  return startedAt === null || actual === null || startedAt === actual;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
