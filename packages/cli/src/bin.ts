#!/usr/bin/env node
import { version } from './version.js';

if (process.argv[2] === '--version') {
  // Nothing else is loaded: tools ask for it often.
  process.stdout.write(`${version()}\n`);
} else {
  const { runProcess } = await import('./process.js');
  await runProcess();
}
