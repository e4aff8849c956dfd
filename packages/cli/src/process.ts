import { fstatSync, writeSync } from 'node:fs';
import { usageError } from './command-error.js';
import { EXIT } from './exit-code.js';
import { createInterruption, type endAtOnce, SIGNALS } from './interruption.js';
import { main } from './main.js';
import { createOutput, type Io } from './output.js';

/** Runs the command line of this process and ends it. @param exit - Has heard signals until now. */
export async function runProcess(exit: typeof endAtOnce): Promise<void> {
  // Not `performance`, whose modules take a millisecond or two to load.
  const now = () => process.uptime() * 1000;
  const { signal, interrupt } = createInterruption({ now, exit });
  for (const name of SIGNALS) process.on(name, interrupt).off(name, exit);

  // A configuration, or a rule of somebody's own, may wait for what never comes: Node would end without a word, with 13.
  process.once('beforeExit', () => {
    writeSync(
      process.stderr.fd,
      'tunegate: ended before the work was done: something was waited for that never comes\n',
    );
    process.exit(EXIT.usage);
  });

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
