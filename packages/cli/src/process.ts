import { EXIT } from './exit-code.js';
import { main } from './main.js';
import { createOutput, type Io } from './output.js';

/** Runs the command line of this process and ends it. */
export async function runProcess(): Promise<void> {
  const interruption = new AbortController();
  const interrupt = () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort(new Error('interrupted'));
  };
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
    signal: interruption.signal,
    now: () => performance.now(),
  };
  const code = await main(process.argv.slice(2), process.env, io);
  await Promise.allSettled([stdout.flush(), stderr.flush()]);
  // An interrupted read of standard input would keep the process alive.
  process.exit(code);
}
