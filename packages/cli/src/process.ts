import { fstatSync } from 'node:fs';
import { usageError } from './command-error.js';
import { createInterruption, type endAtOnce } from './interruption.js';
import { main } from './main.js';
import { createOutput, type Io } from './output.js';

/** Runs the command line of this process and ends it. @param exit - Has heard signals until now. */
export async function runProcess(exit: typeof endAtOnce): Promise<void> {
  // Not `performance`, whose modules take a millisecond or two to load.
  const now = () => process.uptime() * 1000;
  const { signal, interrupt } = createInterruption({ now, exit });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt).off(name, exit);

  const stdout = createOutput(process.stdout, 'standard output');
  const stderr = createOutput(process.stderr, 'standard error');
  const io: Io = {
    stdout,
    stderr,
    // Standard input is only opened when somebody asks for it.
    get stdin() {
      // Node gives a directory for an empty stream.
      if (fstatSync(process.stdin.fd).isDirectory())
        throw usageError('standard input is a directory', 'name a file in it');
      return process.stdin;
    },
    get isInteractive() {
      return stderr.isTTY && process.stdin.isTTY === true;
    },
    signal,
    now,
  };
  const code = await main(process.argv.slice(2), process.env, io);
  await Promise.allSettled([stdout.flush(), stderr.flush()]);
  // An interrupted read of standard input would keep the process alive.
  process.exit(code);
}
