import type { ValidateOptions } from '@tunegate/validator';
import { type CheckCache, createCheckCache } from '../check-cache.js';
import { CommandError, failureText, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { checkDataset, checkOptions, loadValidator } from '../dataset-check.js';
import { EXIT, type ExitCode, exitCode, type Verdict, verdictCode } from '../exit-code.js';
import { expandFiles } from '../file-pattern.js';
import { type Findings, loadFormatters, openFindings } from '../findings.js';
import { type FingerprintPlace, fingerprintPlaces } from '../fingerprint-output.js';
import type { FlagValues } from '../flags.js';
import { formatRequests } from '../format-request.js';
import { checkTogether } from '../joined-check.js';
import { createProgress, progressMode } from '../progress.js';
import { VERSION } from '../version.gen.js';

/** One dataset to check, and what part it plays beside the others. */
interface Dataset {
  /** What it is called when it is several files. */
  readonly name: string;
  /** Its files, in their order. */
  readonly paths: readonly string[];
  readonly options: ValidateOptions;
}

/** Rules of the user's own are functions: whether they are the same ones as last time cannot be told. */
function openCache(flags: FlagValues, options: ValidateOptions, findings: Findings): CheckCache | undefined {
  const { customRules, ...plain } = options;
  if (customRules !== undefined) return undefined;
  // Whether a model is still to be had depends on the day.
  const day = options.model === undefined ? undefined : new Date().toISOString().slice(0, 10);
  const { wantsExcerpts, wantedPerRule } = findings;
  const key = [VERSION, plain, wantsExcerpts, String(wantedPerRule), day];
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
  if (flags['cache-dir'] !== undefined && !flags.cache) {
    throw usageError('--cache-dir says where --cache remembers; without it nothing is remembered', 'add --cache');
  }
  const config = await loadConfig(flags, process.cwd());
  const requests = formatRequests(flags.format ?? [], env, io.stdout);
  const [validator] = await Promise.all([loadValidator(), loadFormatters()]);
  const options = await checkOptions(flags, config, validator);
  const fingerprints = valid.length > 0 && train.length > 0 ? validator.createExampleFingerprints() : undefined;
  const held = fingerprints === undefined ? {} : { trainingFingerprints: fingerprints };
  const kept = fingerprints === undefined ? {} : { collectFingerprints: fingerprints };
  // Training files first: the others are held against them.
  const all: Dataset[] = [
    { name: '<train>', paths: await expandFiles(train), options: { ...options, ...kept } },
    ...(await expandFiles(positionals)).map((path) => ({ name: path, paths: [path], options })),
    { name: '<valid>', paths: await expandFiles(valid), options: { ...options, ...held, split: 'valid' } },
  ];
  const datasets = all.filter(({ paths }) => paths.length > 0);
  const progress = createProgress(io.stderr, progressMode(flags, env, io.stderr), io.now);
  const inputs = datasets.flatMap(({ paths }) => paths);
  const places = await fingerprintPlaces(flags.fingerprints, inputs, requests);
  const findings = await openFindings({ requests, flags, env, output: io.stdout, inputs, beforeWrite: progress.clear });

  const checkOne = ({ name, paths, options }: Dataset, fingerprints: readonly FingerprintPlace[] | undefined) => {
    const stdinName = flags['stdin-filename'];
    const check = { validator, options, findings, progress, io };
    const [path, ...others] = paths;
    if (path === undefined || others.length > 0) {
      return checkTogether(name, paths, { ...check, stdinName, fingerprints });
    }
    return checkDataset(path, {
      ...check,
      ...(path === '-' && stdinName !== undefined && { options: { ...options, fileName: stdinName } }),
      fingerprints: fingerprints?.[0],
      // Fingerprints are not remembered.
      ...(flags.cache &&
        isAlone(options) &&
        fingerprints === undefined && { cache: openCache(flags, options, findings) }),
    });
  };
  const causes: ExitCode[] = [];
  const verdicts: Verdict[] = [];
  try {
    let filesBefore = 0;
    for (const dataset of datasets) {
      const ownPlaces = places?.slice(filesBefore, filesBefore + dataset.paths.length);
      filesBefore += dataset.paths.length;
      try {
        verdicts.push(await checkOne(dataset, ownPlaces));
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
