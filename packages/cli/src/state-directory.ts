import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './output.js';

/**
 * Where the program keeps what must outlive it and is nobody's business but its own: journals of uploads.
 *
 * Sources: the XDG Base Directory specification (a relative path is to be ignored); Apple's "File System Programming
 * Guide"; Microsoft's "Known Folders" (local, not roaming: a journal is of use on this machine alone).
 */
export function stateDirectory(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || env.USERPROFILE || homedir();
  const xdg = env.XDG_STATE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, 'tunegate');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'tunegate', 'state');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'tunegate');
  return join(home, '.local', 'state', 'tunegate');
}
