import { CommandError, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { oneLine } from '../one-line.js';

/** `tunegate serve`: the embedded Files API server until it is interrupted. */
export async function serve({ positionals, flags, io }: Invocation): Promise<ExitCode> {
  if (positionals.length > 0)
    throw usageError('serve takes no argument', `to keep files in a directory: --dir ${positionals[0]}`);
  const { LocalFilesServerError, startLocalFilesServer } = await import('@tunegate/uploader/local');
  const note = (text: string) => (flags.quiet ? Promise.resolve() : io.stderr.write(text));
  const server = await startLocalFilesServer({
    ...(flags.dir !== undefined && { directory: flags.dir }),
    ...(flags.port !== undefined && { port: flags.port }),
    onRequest: ({ method, path, status, durationMs }) => {
      void note(`${oneLine(`${method} ${path}`)} ${status ?? 'cut off'} ${Math.round(durationMs)} ms\n`);
    },
  }).catch((error: unknown) => {
    if (error instanceof LocalFilesServerError) throw new CommandError(EXIT.usage, error.message, { cause: error });
    throw error;
  });
  try {
    await io.stdout.write(`${server.url}\n`);
    await note(
      [
        `OpenAI's Files API on this machine alone: ${server.url}`,
        `files are kept in ${oneLine(server.directory)}${flags.dir === undefined ? ', which is removed at the end (--dir keeps them)' : ''}`,
        `try: OPENAI_API_KEY=any OPENAI_BASE_URL=${server.url} tunegate upload train.jsonl`,
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

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
