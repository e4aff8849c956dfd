import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A program of somebody else that listens on a port. */
export interface Program {
  readonly port: number;
  /** What it wrote so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly command: string;
  args(port: number): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Any answer will do. @default '/' */
  readonly path?: string;
}

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));
const START_LIMIT_MS = 60_000;

/** Starts it on a free port and waits until it answers. @throws {Error} with what it wrote, if it does not */
export async function startProgram({ command, args, env = {}, path = '/' }: ProgramOptions): Promise<Program> {
  const port = await freePort();
  const child = spawn(process.execPath, [GUARD, command, ...args(port)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-100_000);
    });
  }
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  const until = Date.now() + START_LIMIT_MS;
  while (!(await answers(port, path))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`${command} does not answer on port ${port}:\n${output}`);
    }
    await sleep(100);
  }
  return { port, output: () => output, stop };
}

async function answers(port: number, path: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** Somebody else could take it before the program does; then the program says so and the test fails. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a TCP address');
  return address.port;
}

/** The path of a program of the system, where it is installed. */
export function systemProgram(name: string): string | undefined {
  for (const folder of ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']) {
    if (spawnSync(`${folder}/${name}`, ['-h'], { stdio: 'ignore' }).error === undefined) return `${folder}/${name}`;
  }
  return undefined;
}

/** A program of the private installation that `scripts/test-full.ts` makes. */
export function installedFile(path: string): string {
  return fileURLToPath(new URL(`../../../node_modules/.cache/third-party/node_modules/${path}`, import.meta.url));
}
