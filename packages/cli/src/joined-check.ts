import type { Report, ValidateOptions } from '@tunegate/validator';
import { abortable } from './abortable.js';
import { createCheckProgressText } from './check-progress.js';
import { checkFailure, type DatasetCheck } from './dataset-check.js';
import { type FingerprintPlace, openFingerprintFile } from './fingerprint-output.js';

/** What {@link checkTogether} works with. */
export interface JoinedCheck extends Omit<DatasetCheck, 'fingerprints' | 'cache'> {
  /** What standard input is called, when it is one of the files and has a name. */
  readonly stdinName: string | undefined;
  /** Where the fingerprints of each file go; absent when they go nowhere. */
  readonly fingerprints: readonly FingerprintPlace[] | undefined;
}

/**
 * Checks several files as one dataset and writes what it finds.
 *
 * @param name What the dataset is called: no file has that name.
 * @param paths `-` is standard input.
 * @throws CommandError as `checkDataset` does
 */
export async function checkTogether(name: string, paths: readonly string[], check: JoinedCheck): Promise<Report> {
  const { validator, findings, progress, io, stdinName, fingerprints: places } = check;
  const prints = await Promise.all((places ?? []).map(({ path }) => openFingerprintFile(path)));
  const parts = paths.map((path, index) => ({
    source: path === '-' ? abortable(io.stdin, io.signal) : path,
    ...(path === '-' && (stdinName === undefined ? { label: '<stdin>' } : { fileName: stdinName })),
    ...(prints[index] && { onFingerprints: prints[index].write }),
  }));
  const progressText = createCheckProgressText(`${name}, ${paths.length} files`, io.now);
  const options: ValidateOptions = {
    ...check.options,
    fileName: name,
    excerpts: findings.wantsExcerpts,
    ...(Number.isFinite(findings.wantedPerRule) && { maxDiagnosticsPerRule: findings.wantedPerRule }),
    signal: io.signal,
    onDiagnostic: (diagnostic) => findings.diagnostic(diagnostic),
    onProgress(state) {
      progress.update(() => progressText(state));
      findings.flush();
    },
  };
  try {
    const report = await validator.validateFiles(parts, options);
    for (const print of prints) await print.finish();
    const shards = report.shards?.map((shard, index) => {
      const place = places?.[index];
      return place === undefined ? shard : { ...shard, fingerprints: place.name };
    });
    const named = shards === undefined ? report : { ...report, shards };
    await findings.report(named);
    return named;
  } catch (error) {
    throw checkFailure(error, name, check);
  } finally {
    for (const print of prints) await print.discard();
    await progress.clear();
  }
}
