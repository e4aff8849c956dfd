/**
 * Runs any command-line validator over the cases of test-fixtures/rules and says how far it agrees with them.
 *
 * usage: pnpm conformance path/to/cli [--format table|json] [--only CATEGORY/RULE]
 *
 * The validator takes tunegate's flags and prints `--format jsonl` (test-fixtures/README.md). Exit 0 when it agrees in
 * every case, 1 when it does not, 2 for a wrong command line.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  caseBytes,
  caseFlags,
  type ExpectedDiagnostic,
  findRuleCases,
  formatExpectation,
  parseExpectation,
  type RuleCase,
} from '../test-fixtures/src/index.js';

/** So many validators run at the same time. */
const PARALLEL = 2;
const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** How one case went. */
export interface CaseVerdict {
  readonly id: string;
  readonly rule: string;
  /** Absent when the validator agrees; otherwise the diagnostics it lacks and those it has too many, or why it failed. */
  readonly disagreement?: string;
}

/**
 * Runs a validator over cases.
 *
 * @param command - The program and its first arguments; the file and the flags follow.
 */
export async function checkConformance(command: readonly string[], cases: readonly RuleCase[]): Promise<CaseVerdict[]> {
  const directory = mkdtempSync(join(tmpdir(), 'tunegate-conformance-'));
  const verdicts: CaseVerdict[] = [];
  let next = 0;
  const work = async () => {
    while (next < cases.length) {
      const index = next;
      next += 1;
      const each = cases[index]!;
      const disagreement = await runCase(command, each, join(directory, String(index)));
      verdicts[index] = { id: each.id, rule: each.rule, ...(disagreement === undefined ? {} : { disagreement }) };
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return verdicts;
}

async function runCase(command: readonly string[], each: RuleCase, scratch: string): Promise<string | undefined> {
  const { flags, config } = each.settings;
  const file = each.path ?? (await writeRecipe(each, scratch));
  const configFile = `${scratch}.config.json`;
  if (config !== undefined) await writeFile(configFile, JSON.stringify(config));
  const args = [
    ...(config === undefined ? ['--no-config'] : ['--config', configFile]),
    ...['--format', 'jsonl', '--max-errors', '0', '--max-per-rule', '0'],
    ...caseFlags({ rule: each.rule, flags }),
  ];
  const { code, stdout, stderr } = await run(
    [...command, 'check', ...datasetArgs(file, flags), ...args],
    each.directory,
  );
  if (code !== 0 && code !== 1) return `exit ${code}: ${stderr.trim().split('\n')[0] ?? ''}`;
  let found: string;
  try {
    found = formatExpectation(diagnosticsOf(stdout, file));
  } catch (error) {
    return `its output is not JSON Lines: ${error instanceof Error ? error.message : String(error)}`;
  }
  const expected =
    each.kind === 'ok' ? '' : formatExpectation(parseExpectation(readFileSync(each.expectedPath, 'utf8')));
  return found === expected ? undefined : difference(expected, found);
}

async function writeRecipe(each: RuleCase, scratch: string): Promise<string> {
  const path = `${scratch}.${each.fileName}`;
  await writeFile(path, caseBytes(each));
  return path;
}

/** The dataset itself is the other half where the flags name a training or a validation file. */
function datasetArgs(file: string, flags: readonly string[] = []): string[] {
  if (flags.includes('--train')) return ['--valid', file];
  return flags.includes('--valid') ? ['--train', file] : [file];
}

/** Lines of other types than `diagnostic`, the summary among them, and of other files are passed over. */
function diagnosticsOf(stdout: string, file: string): ExpectedDiagnostic[] {
  const printed: readonly (ExpectedDiagnostic & { type?: string; file?: string })[] = parseExpectation(stdout);
  return printed.filter((line) => line.type === 'diagnostic' && line.file === file);
}

function difference(expected: string, found: string): string {
  const without = (a: string, b: string) => {
    const rest = b.split('\n');
    return a.split('\n').filter((line) => {
      const index = rest.indexOf(line);
      if (index !== -1) rest.splice(index, 1);
      return index === -1;
    });
  };
  return [
    ...without(expected, found).map((line) => `lacks ${line}`),
    ...without(found, expected).map((line) => `has ${line}`),
  ].join('\n');
}

function run(
  [program = '', ...args]: readonly string[],
  cwd: string,
): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(
      program,
      args,
      { cwd, encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : (error.code ?? error.signal ?? 'unknown');
        done({ code, stdout, stderr });
      },
    );
  });
}

/** What a run is summed up to. */
export interface Conformance {
  readonly cases: number;
  readonly agreed: number;
  readonly rules: Readonly<Record<string, { readonly cases: number; readonly agreed: number }>>;
  readonly disagreements: Readonly<Record<string, string>>;
}

/** Sums verdicts up, by rule and in all. */
export function sumUp(verdicts: readonly CaseVerdict[]): Conformance {
  const rules: Record<string, { cases: number; agreed: number }> = {};
  const disagreements: Record<string, string> = {};
  for (const { id, rule, disagreement } of verdicts) {
    rules[rule] ??= { cases: 0, agreed: 0 };
    rules[rule].cases += 1;
    if (disagreement === undefined) rules[rule].agreed += 1;
    else disagreements[id] = disagreement;
  }
  const agreed = verdicts.length - Object.keys(disagreements).length;
  return { cases: verdicts.length, agreed, rules, disagreements };
}

function table({ cases, agreed, rules, disagreements }: Conformance): string {
  const width = Math.max(0, ...Object.keys(rules).map((rule) => rule.length));
  const lines = Object.entries(rules).map(
    ([rule, each]) =>
      `${each.agreed === each.cases ? ' ' : '!'} ${rule.padEnd(width)}  ${each.agreed} of ${each.cases}`,
  );
  const details = Object.entries(disagreements).map(([id, text]) => `${id}\n  ${text.replaceAll('\n', '\n  ')}`);
  const share = cases === 0 ? 0 : Math.floor((agreed / cases) * 1_000) / 10;
  return [...lines, '', ...details, `${agreed} of ${cases} cases agree (${share} %)`, ''].join('\n');
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { format: { type: 'string', default: 'table' }, only: { type: 'string', default: '' } },
  });
  const [cli] = positionals;
  if (cli === undefined || positionals.length > 1 || !['table', 'json'].includes(values.format)) {
    console.error('usage: pnpm conformance path/to/cli [--format table|json] [--only CATEGORY/RULE]');
    return 2;
  }
  const command = /\.[cm]?js$/.test(cli) ? [process.execPath, resolve(cli)] : [resolve(cli)];
  const cases = findRuleCases().filter(({ rule }) => rule.startsWith(values.only));
  const result = sumUp(await checkConformance(command, cases));
  process.stdout.write(values.format === 'json' ? `${JSON.stringify(result, undefined, 2)}\n` : table(result));
  return result.agreed === result.cases ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
