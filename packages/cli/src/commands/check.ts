import type { ValidateOptions } from '@tunegate/validator';
import { type CheckCache, createCheckCache } from '../check-cache.js';
import { CommandError, failureText, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { checkDataset, checkOptions, loadValidator } from '../dataset-check.js';
import { EXIT, type ExitCode, exitCode, type Verdict, verdictCode } from '../exit-code.js';
import { expandFiles } from '../file-pattern.js';
import { type Findings, openFindings } from '../findings.js';
import { fingerprintPlaces } from '../fingerprint-output.js';
import type { FlagValues } from '../flags.js';
import { formatRequests } from '../format-request.js';
import { createProgress, progressMode } from '../progress.js';
import { version } from '../version.js';

/** One dataset to check, and what part it plays beside the others. */
interface Dataset {
  readonly path: string;
  readonly options: ValidateOptions;
}

/** Rules of the user's own are functions: whether they are the same ones as last time cannot be told. */
function openCache(flags: FlagValues, options: ValidateOptions, findings: Findings): CheckCache | undefined {
  const { customRules, ...plain } = options;
  if (customRules !== undefined) return undefined;
  // Whether a model is still to be had depends on the day.
  const day = options.model === undefined ? undefined : new Date().toISOString().slice(0, 10);
  const { wantsExcerpts, wantedPerRule } = findings;
  const key = [version(), plain, wantsExcerpts, String(wantedPerRule), day];
  return createCheckCache(flags['cache-dir'] ?? '.tunegatecache', key, Date.now);
}

/** What a dataset held against another shows is not in its own file. */
function isAlone({ collectFingerprints, trainingFingerprints }: ValidateOptions): boolean {
  return collectFingerprints === undefined && trainingFingerprints === undefined;
}

/** `tunegate check`: findings on standard output, everything else on standard error. */
export async function check({ positionals, flags, env, io }: Invocation): Promise<ExitCode> {
  const { train = [], valid = [] } = flags;
  if (positionals.length + train.length + valid.length === 0) {
    throw usageError('no file to check', 'name one or more; - is standard input');
  }
  if ([...positionals, ...train, ...valid].filter((it) => it === '-').length > 1) {
    throw usageError('standard input can be checked only once');
  }
  const config = await loadConfig(flags, process.cwd());
  const requests = formatRequests(flags.format ?? [], env, io.stdout);
  const validator = await loadValidator();
  const options = await checkOptions(flags, config, validator);
  const fingerprints = valid.length > 0 && train.length > 0 ? validator.createExampleFingerprints() : undefined;
  const held = fingerprints === undefined ? {} : { trainingFingerprints: fingerprints };
  const kept = fingerprints === undefined ? {} : { collectFingerprints: fingerprints };
  // Training files first: the others are held against them.
  const datasets: Dataset[] = [
    ...(await expandFiles(train)).map((path) => ({ path, options: { ...options, ...kept } })),
    ...(await expandFiles(positionals)).map((path) => ({ path, options })),
    ...(await expandFiles(valid)).map((path) => ({ path, options: { ...options, ...held, split: 'valid' as const } })),
  ];
  const progress = createProgress(io.stderr, progressMode(flags, io.stderr.isTTY), io.now);
  const inputs = datasets.map(({ path }) => path);
  const places = await fingerprintPlaces(flags.fingerprints, inputs, requests);
  const findings = await openFindings({ requests, flags, env, output: io.stdout, inputs, beforeWrite: progress.clear });

  const causes: ExitCode[] = [];
  const verdicts: Verdict[] = [];
  try {
    for (const [index, { path, options }] of datasets.entries()) {
      const stdinName = path === '-' ? flags['stdin-filename'] : undefined;
      const named = stdinName === undefined ? options : { ...options, fileName: stdinName };
      try {
        verdicts.push(
          await checkDataset(path, {
            validator,
            options: named,
            findings,
            progress,
            io,
            fingerprints: places?.[index],
            // Fingerprints are not remembered.
            ...(flags.cache &&
              isAlone(options) &&
              places === undefined && { cache: openCache(flags, options, findings) }),
          }),
        );
      } catch (error) {
        // One file that cannot be read keeps no other from being checked.
        if (!(error instanceof CommandError) || !(error.cause instanceof validator.DatasetReadError)) throw error;
        await io.stderr.write(failureText(error));
        causes.push(EXIT.usage);
      }
    }
    await findings.end();
  } finally {
    await findings.close();
  }
  return exitCode([...causes, verdictCode(verdicts, flags['max-warnings'] ?? config.maxWarnings)]);
}
