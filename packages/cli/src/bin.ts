#!/usr/bin/env node
import { endAtOnce } from './interruption.js';
import { VERSION } from './version.gen.js';

// Before anything else is loaded: until then nothing has begun, and there is nothing to end in order.
process.on('SIGINT', endAtOnce);
process.on('SIGTERM', endAtOnce);

if (process.argv[2] === '--version') {
  // Nothing else is loaded: tools ask for it often.
  process.stdout.write(`${VERSION}\n`);
} else {
  const { runProcess } = await import('./process.js');
  await runProcess(endAtOnce);
}
