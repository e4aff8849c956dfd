import type { Config, Report, ValidateOptions } from '@tunegate/validator';
import type { Invocation } from './command-table.js';
import { checkDataset, checkOptions, loadValidator } from './dataset-check.js';
import { openFindings } from './findings.js';
import { formatRequests } from './format-request.js';
import type { Progress } from './progress.js';

type Validator = typeof import('@tunegate/validator');

/** A dataset to send, and what part it plays. */
export interface UploadDataset {
  readonly path: string;
  readonly split: 'train' | 'valid';
}

/** Checks everything before anything is sent; the validation file is held against the training file. */
export async function checkBeforeUpload(
  datasets: readonly UploadDataset[],
  { flags, env, io }: Invocation,
  config: Config,
  progress: Progress,
): Promise<readonly Report[]> {
  const requests = formatRequests(flags.format ?? [], env, io.stderr);
  const validator = await loadValidator();
  const options = forUpload(await checkOptions(flags, config, validator), validator);
  const fingerprints = datasets.length > 1 ? validator.createExampleFingerprints() : undefined;
  const findings = await openFindings({
    requests,
    flags,
    env,
    output: io.stderr,
    inputs: datasets.map(({ path }) => path),
    beforeWrite: progress.clear,
  });
  const reports: Report[] = [];
  try {
    for (const { path, split } of datasets) {
      const held =
        fingerprints &&
        (split === 'train' ? { collectFingerprints: fingerprints } : { trainingFingerprints: fingerprints });
      const own = split === 'train' ? options : { ...options, split };
      reports.push(await checkDataset(path, { validator, options: { ...own, ...held }, findings, progress, io }));
    }
    await findings.end();
    return reports;
  } finally {
    await findings.close();
  }
}

/** What a check only warns of and an upload must not do: send packed bytes, or train what has been shut down. */
function forUpload(options: ValidateOptions, { findModel }: Pick<Validator, 'findModel'>): ValidateOptions {
  const shutdown = options.model === undefined ? undefined : findModel(options.model, options.models)?.shutdownDate;
  const isGone = shutdown !== undefined && Date.parse(shutdown) <= Date.now() && options.target === 'openai';
  const severities: NonNullable<ValidateOptions['severities']> = {
    'file/compressed': 'error',
    ...(isGone ? { 'model/retired': 'error' } : {}),
    ...options.severities,
  };
  return { ...options, severities };
}
