#!/usr/bin/env node
import { EXIT } from './exit-code.js';
import { endAtOnce, SIGNALS } from './interruption.js';
import { VERSION } from './version.gen.js';

// Before anything else is loaded: until then nothing has begun, and there is nothing to end in order.
for (const name of SIGNALS) process.on(name, endAtOnce);

if (process.argv[2] === '--version') {
  // Nothing else is loaded: tools ask for it often.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.exitCode = EXIT.usage;
    process.stderr.write(`tunegate: cannot write standard output: ${message}\n`);
  });
  process.stdout.write(`${VERSION}\n`);
} else {
  const { runProcess } = await import('./process.js');
  await runProcess(endAtOnce);
}
