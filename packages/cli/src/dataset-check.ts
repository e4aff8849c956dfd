import { readFile } from 'node:fs/promises';
import type { Config, Diagnostic, Report, ValidateOptions } from '@tunegate/validator';
import { abortable } from './abortable.js';
import { type CheckCache, MAX_CACHED_DIAGNOSTICS } from './check-cache.js';
import { createCheckProgressText } from './check-progress.js';
import { CommandError, interruptedError, usageError } from './command-error.js';
import { EXIT } from './exit-code.js';
import type { Findings } from './findings.js';
import { type FingerprintPlace, openFingerprintFile } from './fingerprint-output.js';
import type { FlagName, FlagValues } from './flags.js';
import { oneLine } from './one-line.js';
import type { Io } from './output.js';
import type { Progress } from './progress.js';
import { didYouMean } from './suggestion.js';

type Validator = typeof import('@tunegate/validator');

/** Loads the validator: only the commands that check pay for it. */
export function loadValidator(): Promise<Validator> {
  return import('@tunegate/validator');
}

/**
 * The options of a check: the flags, and what they leave open the configuration.
 *
 * @throws CommandError for a target that does not exist, a grader that cannot be read
 */
export async function checkOptions(
  flags: FlagValues,
  config: Config,
  { targets }: Pick<Validator, 'targets'>,
): Promise<ValidateOptions> {
  const grader = flags.grader === undefined ? undefined : await readGrader(flags.grader);
  const model = flags.model ?? config.model;
  const method = flags.method ?? config.method;
  const tokens = flags.tokens ?? config.tokens;
  const { parts } = flags;
  const select = flags.select?.flat() ?? config.select;
  const ignore = [...(config.ignore ?? []), ...(flags.ignore?.flat() ?? [])];
  const severities = { ...config.rules, ...Object.fromEntries(flags.rule ?? []) };
  return {
    target: targetNamed(flags.target ?? config.target ?? 'openai', targets),
    ...(model !== undefined && { model }),
    ...(method && { method }),
    ...(grader !== undefined && { grader }),
    ...(tokens && { tokens }),
    ...(parts && { parts }),
    ...(select && { select }),
    ...(ignore.length > 0 && { ignore }),
    ...(Object.keys(severities).length > 0 && { severities }),
    ...(flags.workers !== undefined && { workers: flags.workers }),
    ...(config.limits && { limits: config.limits }),
    ...(config.maxLineBytes !== undefined && { maxLineBytes: config.maxLineBytes }),
    ...(config.extraKeys && { extraKeys: config.extraKeys }),
    ...(config.models && { models: config.models }),
    ...(config.customRules && { customRules: config.customRules }),
    // Every finding goes to the formatters as it is found; none has to be kept.
    maxDiagnostics: 0,
  };
}

async function readGrader(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    throw usageError(
      code === 'ENOENT' ? `the grader ${path} does not exist` : `the grader ${path} cannot be read (${code})`,
    );
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(
      `the grader ${path} is not JSON: ${reason}`,
      'it is the JSON object that the job gets as its grader',
    );
  }
}

function targetNamed<Name extends string>(name: string, targets: Readonly<Record<Name, unknown>>): Name {
  const names = Object.keys(targets) as Name[];
  const known = names.find((it) => it === name);
  if (known !== undefined) return known;
  throw usageError(
    `there is no target "${name}"`,
    didYouMean(name, names, '--target ') ?? `the targets are ${names.join(', ')}`,
  );
}

/** What {@link checkDataset} works with. */
export interface DatasetCheck {
  readonly validator: Validator;
  readonly options: ValidateOptions;
  readonly findings: Findings;
  readonly progress: Progress;
  readonly io: Io;
  /** Where the fingerprints of the examples go; absent when they go nowhere. */
  readonly fingerprints?: FingerprintPlace | undefined;
  /** Where checks are remembered; absent when they are not. */
  readonly cache?: CheckCache | undefined;
}

/**
 * Checks one dataset and writes what it finds.
 *
 * @param path `-` is standard input.
 * @throws CommandError for a dataset that cannot be read, an option that is wrong, an interruption
 */
export async function checkDataset(path: string, check: DatasetCheck): Promise<Report> {
  const { validator, findings, progress, io } = check;
  const cache = path === '-' ? undefined : check.cache;
  const cached: Diagnostic[] | undefined = cache === undefined ? undefined : [];
  // A stream without a name is not judged by its name; what it is called here is only for the reader.
  const name = path === '-' && check.options.fileName === undefined ? { file: '<stdin>' } : undefined;
  const fingerprints =
    check.fingerprints === undefined ? undefined : await openFingerprintFile(check.fingerprints.path);
  const progressText = createCheckProgressText(path, io.now);
  const options: ValidateOptions = {
    ...check.options,
    excerpts: findings.wantsExcerpts,
    ...(Number.isFinite(findings.wantedPerRule) && { maxDiagnosticsPerRule: findings.wantedPerRule }),
    ...(fingerprints && { onFingerprints: fingerprints.write }),
    signal: io.signal,
    onDiagnostic(diagnostic) {
      if (cached !== undefined && cached.length <= MAX_CACHED_DIAGNOSTICS) cached.push(diagnostic);
      return findings.diagnostic(name ? { ...diagnostic, ...name } : diagnostic);
    },
    onProgress(state) {
      progress.update(() => progressText(state));
      findings.flush();
    },
  };
  try {
    const known = await cache?.find(path, io.signal);
    io.signal.throwIfAborted();
    if (known !== undefined) {
      for (const diagnostic of known.diagnostics) await findings.diagnostic(diagnostic);
      await findings.report(known.report);
      return known.report;
    }
    const before = await cache?.begin(path);
    const report =
      path === '-'
        ? await validator.validateStream(abortable(io.stdin, io.signal), options)
        : await validator.validateFile(path, options);
    if (cached !== undefined) await cache?.store(path, before, { diagnostics: cached, report });
    await fingerprints?.finish();
    const named = { ...report, ...name, ...(check.fingerprints && { fingerprints: check.fingerprints.name }) };
    await findings.report(named);
    return named;
  } catch (error) {
    throw checkFailure(error, path, check);
  } finally {
    await fingerprints?.discard();
    await progress.clear();
  }
}

/** What a check that failed says to the user. @param name What was checked. @returns The error itself, where it is none of the known ones. */
export function checkFailure(
  error: unknown,
  name: string,
  { validator, io }: Pick<DatasetCheck, 'validator' | 'io'>,
): unknown {
  if (io.signal.aborted) return interruptedError('interrupted: the check is not complete');
  if (error instanceof validator.DatasetReadError) {
    return new CommandError(EXIT.usage, error.message, { ...nameAdvice(error.path), cause: error });
  }
  if (error instanceof validator.WorkerDiedError) {
    return new CommandError(EXIT.usage, `${oneLine(name)}: ${error.message}`, {
      help: '--workers 1 checks on one thread, with less memory',
      cause: error,
    });
  }
  if (error instanceof validator.CustomRuleError) return usageError(error.message);
  if (error instanceof validator.OptionsError) return usageError(optionMessage(error));
  return error;
}

/** Node gives a program its arguments, and the names in a folder, as text: other bytes are lost by then. */
function nameAdvice(path: string): { help?: string } {
  return path.includes('\ufffd')
    ? { help: 'a name that is not UTF-8 cannot be opened: rename the file, or check it as - < FILE' }
    : {};
}

/** Options that a flag sets are shown as such, all others as what the configuration says. */
function optionMessage({ option, message }: { readonly option: string; readonly message: string }): string {
  const [flag, key] = FLAG_OPTIONS.get(option) ?? [];
  return flag === undefined ? `configuration: ${message}` : `--${flag}, or "${key}" in the configuration: ${message}`;
}

/** By the option of the library: the flag, and the key of the configuration. */
const FLAG_OPTIONS: ReadonlyMap<string, readonly [flag: FlagName, key: keyof Config]> = new Map([
  ['target', ['target', 'target']],
  ['model', ['model', 'model']],
  ['method', ['method', 'method']],
  ['tokens', ['tokens', 'tokens']],
  ['select', ['select', 'select']],
  ['ignore', ['ignore', 'ignore']],
  ['severities', ['rule', 'rules']],
  ['severity', ['rule', 'rules']],
]);
