import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Usage } from './exit-usage.js';

/** One run of a program, from its start to its end. */
export interface Run extends Usage {
  readonly wallSeconds: number;
  readonly exitCode: number;
  readonly stdout: string;
}

const EXIT_USAGE = new URL('../dist/measure/exit-usage.js', import.meta.url).href;

/** How a program is run, where it matters. */
export interface RunOptions {
  /** @default [0] */
  readonly expectedCodes?: readonly number[];
  /** @default the bench's own */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether standard output is /dev/null; `stdout` of the run is then empty. @default false */
  readonly dropsOutput?: boolean;
}

/**
 * Runs a JavaScript file in a Node of its own, without a TypeScript loader, and measures the whole process.
 *
 * @throws {Error} With what it wrote to standard error, when it ended by a signal or by a code that is not expected.
 */
export async function runNode(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return runReporting(process.execPath, ['--import', EXIT_USAGE, ...args], options);
}

/**
 * Runs a program that writes its {@link Usage} to file descriptor 3 at its exit, and measures the whole process.
 *
 * @throws {Error} With what it wrote to standard error, when it ended by a signal or by a code that is not expected.
 */
export async function runReporting(
  command: string,
  args: readonly string[],
  { expectedCodes = [0], env = process.env, dropsOutput = false }: RunOptions = {},
): Promise<Run> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', dropsOutput ? 'ignore' : 'pipe', 'pipe', 'pipe'], env });
  const ended = new Promise<{ code: number | null; wallSeconds: number }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, wallSeconds: (performance.now() - started) / 1000 }));
  });
  const [{ code, wallSeconds }, stdout, stderr, usage] = await Promise.all([
    ended,
    dropsOutput ? '' : text(child.stdout!),
    text(child.stderr!),
    text(child.stdio[3] as Readable),
  ]);
  if (code === null || !expectedCodes.includes(code)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${stderr}`);
  }
  return { ...(JSON.parse(usage) as Usage), wallSeconds, exitCode: code, stdout };
}

/**
 * Runs a program that is no Node, through a POSIX shell, which tells its processor time. Its peak is not known: `NaN`.
 *
 * @throws {Error} With what it wrote to standard error, when it did not end with 0.
 */
export async function runProgram(command: string, args: readonly string[]): Promise<Run> {
  const started = performance.now();
  // What the program writes is dropped; the second line of `times` is about the children of the shell.
  const script = '"$0" "$@" >/dev/null; code=$?; times; exit $code';
  const child = spawn('sh', ['-c', script, command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, times, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  const wallSeconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command} ended with ${code ?? 'a signal'}:\n${stderr}`);
  const spent = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  const cpuSeconds = spent.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
  return { wallSeconds, cpuSeconds, peakBytes: Number.NaN, exitCode: code, stdout: '' };
}

/** Compiles what is measured: a TypeScript loader would add its own start to every process. */
export async function buildPrograms(): Promise<void> {
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  const project = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
  const child = spawn(process.execPath, [tsc, '-p', project], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error('the programs of the bench do not compile');
}
