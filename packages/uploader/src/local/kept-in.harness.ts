import { readdir } from 'node:fs/promises';

/** The names in the directory of a server, but for its lock. */
export async function keptIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name !== '.tunegate-server.lock');
}
