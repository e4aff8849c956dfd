/**
 * Runs benches by name: `pnpm bench [name…] [flags]`, `end-to-end` unless one is named. A bench is a program of this
 * folder, which gets the flags as they are and prints one table; those that only serve another are left out.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const PARTS = ['run', 'generate', 'bare', 'naive'];

const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))
  .filter((name) => !PARTS.includes(name));
const args = process.argv.slice(2).filter((arg) => arg !== '--');
const firstFlag = args.findIndex((arg) => arg.startsWith('-'));
const wanted = firstFlag === -1 ? args : args.slice(0, firstFlag);
const flags = firstFlag === -1 ? [] : args.slice(firstFlag);

const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are: ${names.join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length === 0 ? ['end-to-end'] : wanted) {
    const code = await runBench(name);
    if (code !== 0) process.exitCode = 1;
  }
}

/** A process of its own, with the TypeScript loader of this one: a bench starts with nothing of another in memory. */
async function runBench(name: string): Promise<number | null> {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file, ...flags], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}
