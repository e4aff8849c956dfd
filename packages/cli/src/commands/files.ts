import type { FileObject, FilesClient } from '@tunegate/uploader';
import { abortable } from '../abortable.js';
import { CommandError, interruptedError, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { type Destination, destination, isOpenAI } from '../destination.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { openFilesClient } from '../files-client.js';
import type { FlagValues } from '../flags.js';
import { oneLine } from '../one-line.js';
import type { Io } from '../output.js';
import { createProgress, type Progress, progressMode } from '../progress.js';
import { OPENAI_WINDS_DOWN } from '../provider-advice.js';
import { didYouMean } from '../suggestion.js';
import { uploadFailure } from '../upload-failure.js';
import { waitFor } from '../wait-for-file.js';
import { download } from './files-download.js';
import { describeFile, list } from './files-list.js';

/** What every one of the commands works with. */
export interface FilesCommand {
  readonly ids: readonly string[];
  readonly flags: FlagValues;
  readonly format: 'pretty' | 'json' | 'jsonl';
  readonly io: Io;
  readonly to: Destination;
  readonly uploader: typeof import('@tunegate/uploader');
  readonly client: FilesClient;
  readonly progress: Progress;
  readonly note: (text: string) => Promise<void>;
}

const COMMANDS = { list, get, delete: remove, download, wait } as const;

/** `tunegate files`: results on standard output, everything else on standard error. */
export async function files({ positionals, flags, env, io }: Invocation): Promise<ExitCode> {
  const [name, ...ids] = positionals;
  const run = commandNamed(name);
  checkIds(name as keyof typeof COMMANDS, ids);
  const format = formatOf(flags, name);
  const config = await loadConfig(flags, process.cwd());
  const to = destination({ ...(config.target && { target: config.target }), ...flags }, env);
  const uploader = await import('@tunegate/uploader');
  const client = openFilesClient(uploader, to, flags, env);
  const progress = createProgress(io.stderr, progressMode(flags, env, io.stderr), io.now);
  const note = async (text: string) => {
    await progress.clear();
    if (!flags.quiet) await io.stderr.write(`${oneLine(text)}\n`);
  };
  try {
    if (isOpenAI(to)) await note(OPENAI_WINDS_DOWN);
    return await run({ ids, flags, format, io, to, uploader, client, progress, note });
  } catch (error) {
    throw uploadFailure(error, uploader, { to, prefix: '' });
  } finally {
    await progress.clear();
    await client.close();
  }
}

function commandNamed(name: string | undefined): (command: FilesCommand) => Promise<ExitCode> {
  const names = Object.keys(COMMANDS);
  if (name === undefined) throw usageError('files needs a command', `tunegate files ${names.join('|')}`);
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name as keyof typeof COMMANDS];
  throw usageError(
    `files has no command "${name}"`,
    didYouMean(name, names, 'tunegate files ') ?? `tunegate files ${names.join('|')}`,
  );
}

function checkIds(name: keyof typeof COMMANDS, ids: readonly string[]): void {
  if (name === 'list' && ids.length > 0) throw usageError('files list takes no id', `tunegate files get ${ids[0]}`);
  if (name !== 'list' && ids.length === 0)
    throw usageError(`files ${name} needs an id`, '`tunegate files list` shows them');
  if (name !== 'list' && name !== 'delete' && ids.length > 1) {
    throw usageError(`files ${name} takes one id`, 'call it once for each file');
  }
}

function formatOf(flags: FlagValues, name: string | undefined): FilesCommand['format'] {
  const format = flags.format?.at(-1) ?? 'pretty';
  if (format === 'pretty' || format === 'json' || (format === 'jsonl' && name === 'list')) return format;
  throw usageError(`files ${name} writes pretty${name === 'list' ? ', json or jsonl' : ' or json'}, not "${format}"`);
}

async function get({ ids, io, client, format }: FilesCommand): Promise<ExitCode> {
  const file = await client.retrieveFile(ids[0] ?? '', { signal: io.signal });
  await io.stdout.write(format === 'json' ? jsonText(file) : describeFile(file));
  return EXIT.clean;
}

async function wait(command: FilesCommand): Promise<ExitCode> {
  const { ids, io, to, format, flags, note } = command;
  const { processing, ...file } = await waitFor(ids[0] ?? '', {
    ...command,
    signal: io.signal,
    maxWait: flags['max-wait'],
  });
  const isProcessed = processing.outcome === 'processed';
  if (!isProcessed)
    await note(`${to.host} does not say whether ${file.id} is processed (state ${file.status ?? 'not told'})`);
  await io.stdout.write(
    format === 'json' ? jsonText({ ...file, processing }) : `${isProcessed ? 'processed' : 'unknown'}\n`,
  );
  return EXIT.clean;
}

async function remove({ ids, io, to, flags, format, client, note }: FilesCommand): Promise<ExitCode> {
  if (!flags.yes && !io.isInteractive) {
    throw usageError(
      'files delete asks before it deletes, and nobody is there to answer',
      'give --yes to delete at once',
    );
  }
  const deleted: unknown[] = [];
  for (const id of ids) {
    if (!flags.yes) {
      const file = await client.retrieveFile(id, { signal: io.signal });
      if (!(await confirm(file, to, io))) {
        await note(`${id} is kept`);
        continue;
      }
    }
    const result = await client.deleteFile(id, { signal: io.signal });
    if (!result.deleted) throw new CommandError(EXIT.uploadFailed, `${to.host} did not delete ${id}`);
    deleted.push(result);
    if (format === 'pretty') await io.stdout.write(`${id}\n`);
    await note(`deleted ${id} at ${to.host}${result.alreadyGone ? '; it was gone when the second try came' : ''}`);
  }
  if (format === 'json') await io.stdout.write(jsonText({ schemaVersion: 1, deleted }));
  return EXIT.clean;
}

async function confirm({ id, filename, bytes }: FileObject, { host }: Destination, io: Io): Promise<boolean> {
  const size = bytes === null ? '' : `, ${bytes} bytes`;
  await io.stderr.write(`${oneLine(`delete ${id} (${filename}${size}) at ${host} for good?`)} [y/N] `);
  const decoder = new TextDecoder();
  let line = '';
  try {
    for await (const chunk of abortable(io.stdin, io.signal)) {
      line += decoder.decode(chunk, { stream: true });
      if (line.includes('\n')) break;
    }
  } catch (error) {
    if (io.signal.aborted) throw interruptedError('interrupted: nothing more was deleted');
    throw error;
  }
  return /^\s*y(?:es)?\s*$/i.test(line.split('\n')[0] ?? '');
}

/** One JSON value for a machine. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
