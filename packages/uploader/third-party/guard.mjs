// Runs a program for a test: `node guard.mjs COMMAND ARG…`. When standard input ends, which it also does when the test is
// killed, the program and all that it started is killed, too. So nothing is left behind, whatever happens.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

const kill = (signal) => {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
};
const stop = () => {
  kill('SIGTERM');
  setTimeout(() => kill('SIGKILL'), 2000);
};

child.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on('exit', (code) => {
  kill('SIGKILL');
  process.exit(code ?? 1);
});
process.stdin.resume().on('end', stop).on('error', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
