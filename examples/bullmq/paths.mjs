import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command line of this repository; with the published package it would be `node_modules/.bin/tunegate`. */
const TUNEGATE = process.env.TUNEGATE ?? fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));

export const QUEUE = 'shards';

/** Runs a tunegate command. @returns The process, and what it said when it has ended. */
export function tunegate(args) {
  const child = spawn(process.execPath, [TUNEGATE, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stderr: stderr.trim() }));
  });
  return { child, ended };
}
