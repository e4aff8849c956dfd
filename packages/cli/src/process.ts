import { fstatSync } from 'node:fs';
import { usageError } from './command-error.js';
import { createInterruption, endAtOnce } from './interruption.js';
import { main } from './main.js';
import { createOutput, type Io } from './output.js';

/** Runs the command line of this process and ends it. */
export async function runProcess(): Promise<void> {
  const now = () => performance.now();
  const { signal, interrupt } = createInterruption({ now, exit: endAtOnce });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt).off(name, endAtOnce);

  const stdout = createOutput(process.stdout, 'standard output');
  const stderr = createOutput(process.stderr, 'standard error');
  const io: Io = {
    stdout,
    stderr,
    // Only opened when it is read.
    get stdin() {
      // Node gives a directory for an empty stream.
      if (fstatSync(process.stdin.fd).isDirectory())
        throw usageError('standard input is a directory', 'name a file in it');
      return process.stdin;
    },
    isInteractive: process.stdin.isTTY === true && stderr.isTTY,
    signal,
    now,
  };
  const code = await main(process.argv.slice(2), process.env, io);
  await Promise.allSettled([stdout.flush(), stderr.flush()]);
  // An interrupted read of standard input would keep the process alive.
  process.exit(code);
}
