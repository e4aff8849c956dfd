import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';

/** Where text goes. */
export interface Output {
  /** Whether a person looks at it. */
  readonly isTTY: boolean;
  /** How many columns the terminal has now. */
  readonly columns?: number | undefined;
  /** Resolves when more can be written. A reader that has gone away is no error: the rest is dropped. */
  write(text: string | Uint8Array): Promise<void>;
  /** Resolves when everything has been handed on. */
  flush(): Promise<void>;
}

/** What the command has to do with the world. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Whether a person is there to answer: both standard input and standard error are a terminal. */
  readonly isInteractive: boolean;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds, for the pace of the progress line. */
  readonly now: () => number;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const READER_IS_GONE: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET'];

/** Whether nobody reads any more, which is no failure: `| head` closes the pipe when it has seen enough. */
export function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return READER_IS_GONE.includes(code);
}

/**
 * Writes to a stream no faster than it is read.
 *
 * @param name What the stream is called in the message when it cannot be written.
 */
export function createOutput(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  name: string,
): Output {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
  });
  const checkFailure = () => {
    if (failure === undefined || isReaderGone(failure)) return;
    throw new CommandError(EXIT.usage, `cannot write ${name}: ${failure.message}`, { cause: failure });
  };
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns;
    },
    async write(text) {
      checkFailure();
      if (failure || text.length === 0 || stream.write(text) || stream.destroyed) return;
      // Rejected when the stream fails instead; the listener above has taken note of it.
      const over = new AbortController();
      const { signal } = over;
      await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(() => {});
      // Takes away the listener of what did not come: a slow reader has a report wait thousands of times.
      over.abort();
      checkFailure();
    },
    async flush() {
      if (!failure) await new Promise<void>((resolve) => stream.write('', () => resolve()));
      checkFailure();
    },
  };
}
