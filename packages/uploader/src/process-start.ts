import { readFile } from 'node:fs/promises';

/**
 * When a process began, in clock ticks since the machine did: with its number it names a process for good. A number alone
 * may be given again, and is in a container that is started again.
 *
 * Source: proc(5): the 22nd field of `/proc/PID/stat`; the second one is in parentheses and may hold anything.
 *
 * @returns `null` where the system does not say (everywhere but on Linux), or when there is no such process
 */
export async function processStart(pid: number | 'self'): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
