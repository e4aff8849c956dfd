import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from './command-error.js';

/**
 * The files that arguments name. Shells expand patterns themselves, except some on Windows and all in quotes: an
 * argument with `*` or `?` that is no file is matched here, `**` standing for any number of folders.
 *
 * @returns Files in the order of the arguments, those of a pattern sorted, none twice.
 * @throws CommandError for a pattern that matches nothing
 */
export async function expandFiles(args: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const arg of args) {
    if (arg === '-' || !/[*?]/.test(arg) || existsSync(arg)) files.push(arg);
    else {
      const matches = await match(arg);
      if (matches.length === 0) throw usageError(`no file matches ${arg}`);
      files.push(...matches);
    }
  }
  return [...new Set(files)];
}

async function match(pattern: string): Promise<string[]> {
  const isAbsolute = /^([A-Za-z]:)?[\\/]/.exec(pattern)?.[0] ?? '';
  const segments = pattern
    .slice(isAbsolute.length)
    .split(/[\\/]/)
    .filter((segment) => segment !== '');
  const found: string[] = [];
  await walk(isAbsolute, segments, found);
  return [...new Set(found)].sort();
}

async function walk(folder: string, segments: readonly string[], found: string[]): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  if (segment === '**') await walk(folder, rest, found);
  const isFixed = segment !== '**' && !/[*?]/.test(segment);
  if (isFixed && rest.length > 0) return walk(join(folder, segment), rest, found);

  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => []);
  const expression = segment === '**' ? /^/ : toExpression(segment);
  for (const entry of entries) {
    // As in a shell: a hidden name is matched only by a pattern that says so.
    if (entry.name.startsWith('.') && !segment.startsWith('.')) continue;
    if (!expression.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (segment === '**') {
      if (isFolder && entry.name !== 'node_modules') await walk(path, segments, found);
    } else if (rest.length > 0) await walk(path, rest, found);
    else if (!isFolder) found.push(path);
  }
}

function toExpression(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
