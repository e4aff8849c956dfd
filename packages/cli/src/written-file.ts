import { createWriteStream, fstatSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { CommandError, usageError } from './command-error.js';
import { EXIT } from './exit-code.js';
import { createOutput, isReaderGone, type Output } from './output.js';

/** A file that is written while findings come. */
export interface WrittenFile {
  readonly output: Output;
  readonly close: () => Promise<void>;
}

/**
 * Opens a file to write findings to; what was in it is gone.
 *
 * @param inputs What is read: `-` is standard input.
 * @throws CommandError when it cannot be written, or is one of the inputs
 */
export async function openWrittenFile(file: string, inputs: readonly string[]): Promise<WrittenFile> {
  await refuseInput(file, inputs, 'findings are');
  const handle = await open(file, 'w').catch(refuseFile(file));
  const stream = createWriteStream(file, { fd: handle });
  const output = createOutput(stream, file);
  return {
    output,
    close: () =>
      new Promise<void>((resolve, reject) => {
        // A pipe has a name, too: /dev/stdout, or what the shell makes of >(head).
        if (stream.errored) isReaderGone(stream.errored) ? resolve() : reject(stream.errored);
        else stream.end((error?: Error | null) => (error && !isReaderGone(error) ? reject(error) : resolve()));
      }).catch(refuseFile(file)),
  };
}

/**
 * Sees to it that nothing that is read is written over, whatever name it has: links of both kinds, and the file that
 * standard input comes from.
 *
 * @param what What was to be written, and its verb.
 * @throws CommandError when the file is one of the inputs
 */
export async function refuseInput(file: string, inputs: readonly string[], what: string): Promise<void> {
  const written = await identityOf(file);
  if (written === undefined) return;
  for (const input of inputs) {
    if ((await identityOf(input === '-' ? STDIN : input)) !== written) continue;
    const name = /\.json$/.test(input) ? 'one of the reports' : 'the dataset itself';
    throw usageError(`${file} is ${name}; ${what} not written over it`);
  }
}

const STDIN = 0;

/** The same for all names of a regular file; `undefined` for what is none, and can be read and written at once. */
async function identityOf(file: string | typeof STDIN): Promise<string | undefined> {
  try {
    const found = file === STDIN ? fstatSync(file, BIG) : await stat(file, BIG);
    return found.isFile() ? `${found.dev} ${found.ino}` : undefined;
  } catch {
    return undefined;
  }
}

// The number of a file may be more than a double can tell apart.
const BIG = { bigint: true } as const;

/** What the codes of the operating system say of a file that cannot be written. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota of disk space is used up',
  ENAMETOOLONG: 'the name is too long',
};

/** @throws CommandError that says which file cannot be written, and why */
export function refuseFile(file: string) {
  return (cause: NodeJS.ErrnoException): never => {
    const { code = '' } = cause;
    const reason = REASONS[code] ?? (code || cause.message);
    throw new CommandError(EXIT.usage, `cannot write ${file}: ${reason}`, { cause });
  };
}
