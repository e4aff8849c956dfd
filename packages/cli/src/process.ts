import { EXIT } from './exit-code.js';
import { createInterruption } from './interruption.js';
import { main } from './main.js';
import { createOutput, type Io } from './output.js';

/** Runs the command line of this process and ends it. */
export async function runProcess(): Promise<void> {
  const now = () => performance.now();
  const { signal, interrupt } = createInterruption({
    now,
    exit() {
      // The command had no time for its own words.
      process.stderr.write('tunegate: interrupted\n');
      process.exit(EXIT.interrupted);
    },
  });
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);

  const stdout = createOutput(process.stdout, 'standard output');
  const stderr = createOutput(process.stderr, 'standard error');
  const io: Io = {
    stdout,
    stderr,
    // Only opened when it is read.
    get stdin() {
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
