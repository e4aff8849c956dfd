import { readFile } from 'node:fs/promises';
import type { LocalDialectName, LocalFilesServerOptions } from '@tunegate/uploader/local';
import { CommandError, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { oneLine } from '../one-line.js';
import { didYouMean } from '../suggestion.js';

/** `tunegate serve`: the embedded Files API server until it is interrupted. */
export async function serve({ positionals, flags, io }: Invocation): Promise<ExitCode> {
  if (positionals.length > 0)
    throw usageError('serve takes no argument', `to keep files in a directory: --dir ${positionals[0]}`);
  const dialect = dialectOf(flags.target ?? 'openai');
  const faults = flags.faults === undefined ? [] : await readFaults(flags.faults);
  const { LocalFilesServerError, startLocalFilesServer } = await import('@tunegate/uploader/local');
  const note = (text: string) => (flags.quiet ? Promise.resolve() : io.stderr.write(text));
  const server = await startLocalFilesServer({
    ...(flags.dir !== undefined && { directory: flags.dir }),
    ...(flags.port !== undefined && { port: flags.port }),
    dialect,
    faults,
    onRequest: ({ method, path, status, durationMs, fault }) => {
      const how = fault === undefined ? '' : `, fault: ${fault}`;
      void note(`${oneLine(`${method} ${path}`)} ${status ?? 'cut off'} ${Math.round(durationMs)} ms${how}\n`);
    },
  }).catch((error: unknown) => {
    if (error instanceof LocalFilesServerError) throw new CommandError(EXIT.usage, error.message, { cause: error });
    throw error;
  });
  try {
    await io.stdout.write(`${server.url}\n`);
    await note(
      [
        `${API_OF[dialect]} on this machine alone: ${server.url}`,
        `files are kept in ${oneLine(server.directory)}${flags.dir === undefined ? ', which is removed at the end (--dir keeps them)' : ''}`,
        ...(dialect === 'openai'
          ? [`try: OPENAI_API_KEY=any OPENAI_BASE_URL=${server.url} tunegate upload train.jsonl`]
          : []),
        'Ctrl-C stops it',
        '',
      ].join('\n'),
    );
    await aborted(io.signal);
  } finally {
    await server.close();
  }
  // To be stopped is how a server ends well.
  return EXIT.clean;
}

const API_OF: Readonly<Record<LocalDialectName, string>> = {
  openai: "OpenAI's Files API",
  azure: 'the Files API of Azure OpenAI',
  together: "Together's Files API",
  mistral: "Mistral's Files API",
};

/** Those that have an API of their own to imitate; the others speak OpenAI's. */
const DIALECTS: Readonly<Record<string, LocalDialectName>> = {
  openai: 'openai',
  azure: 'azure',
  together: 'together',
  mistral: 'mistral',
  nebius: 'openai',
  compatible: 'openai',
};

function dialectOf(target: string): LocalDialectName {
  const dialect = Object.hasOwn(DIALECTS, target) ? DIALECTS[target] : undefined;
  if (dialect !== undefined) return dialect;
  const help = didYouMean(target, Object.keys(DIALECTS), '--target ');
  throw usageError(`serve cannot imitate "${target}"`, help ?? `it can: ${Object.keys(DIALECTS).join(', ')}`);
}

/** What is in it is checked by the server. */
async function readFaults(path: string): Promise<NonNullable<LocalFilesServerOptions['faults']>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw usageError(
      `--faults: ${path} cannot be read (${cause instanceof Error && 'code' in cause ? cause.code : cause})`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw usageError(`--faults: ${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
