import type { Diagnostic, Report } from '@tunegate/validator';
import { interruptedError, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadValidator } from '../dataset-check.js';
import { type ExitCode, verdictCode } from '../exit-code.js';
import { expandFiles } from '../file-pattern.js';
import { openFindings } from '../findings.js';
import { formatRequests } from '../format-request.js';
import { diagnosticsIn, fingerprintsOf, readReports, relativeTo, type StoredReport } from '../stored-reports.js';

/** What the wholes are called: of --train, of reports by themselves, of --valid. */
const NAMES = ['<train>', undefined, '<valid>'] as const;

/** `tunegate merge`: the reports of shards become the report of the whole. */
export async function merge({ positionals, flags, env, io }: Invocation): Promise<ExitCode> {
  const { train = [], valid = [] } = flags;
  const groups = await Promise.all([train, positionals, valid].map(expandFiles));
  if (groups.flat().length === 0) {
    throw usageError('no report to merge', 'name what `tunegate check --format json` has written');
  }
  const requests = formatRequests(flags.format ?? [], env, io.stdout);
  const validator = await loadValidator();
  const stored: StoredReport[][] = [];
  for (const paths of groups) stored.push(await readReports(paths, validator));
  const [ofTraining = [], , ofValidation = []] = stored;
  const isHeld = ofTraining.length > 0 && ofValidation.length > 0;
  const isCompared = stored.map((group) => hasFingerprints(group));
  if (isHeld && !(isCompared[0] && isCompared[2])) {
    throw usageError('--train and --valid are compared by fingerprints', 'check both with --fingerprints');
  }

  const collection = isHeld ? validator.createExampleFingerprints() : undefined;
  const findings = await openFindings({
    requests,
    flags,
    env,
    output: io.stdout,
    inputs: groups.flat(),
    beforeWrite: async () => {},
  });
  const verdicts: Report[] = [];
  try {
    for (const [index, group] of stored.entries()) {
      if (group.length === 0) continue;
      if (!isCompared[index] && !flags.quiet && group.length > 1) {
        await io.stderr.write(
          'tunegate: examples of different shards were not compared: these were checked without --fingerprints\n',
        );
      }
      const ofReport = new Map(group.map((each) => [each.report, each]));
      const name = NAMES[index];
      const merged = await validator.mergeReports([...ofReport.keys()], {
        ...(name !== undefined && { name }),
        maxDiagnostics: 0,
        ...(isCompared[index] && { fingerprints: fingerprintsOf }),
        ...(collection && index === 0 && { collectFingerprints: collection }),
        ...(collection && index === 2 && { trainingFingerprints: collection }),
        diagnosticsOf: (report) => diagnosticsIn(ofReport.get(report)!, validator),
        onDiagnostic: (diagnostic: Diagnostic) => findings.diagnostic(diagnostic),
        signal: io.signal,
      });
      verdicts.push(merged);
      await findings.report(relativeTo(merged, requests));
    }
    await findings.end();
  } catch (error) {
    if (io.signal.aborted) throw interruptedError('interrupted: nothing was merged');
    if (error instanceof validator.ReportMergeError) throw usageError(error.message);
    if (error instanceof validator.FingerprintFileError) {
      throw usageError(error.message, 'take the file that was written with the report, or check the shard again');
    }
    throw error;
  } finally {
    await findings.close();
  }
  return verdictCode(verdicts, flags['max-warnings']);
}

/** @throws CommandError when some shards have fingerprints and others have none */
function hasFingerprints(group: readonly StoredReport[]): boolean {
  const shards = group.flatMap(({ report }) => report.shards ?? [report]);
  const without = shards.filter(({ fingerprints }) => fingerprints === undefined);
  if (without.length === shards.length) return false;
  if (without.length === 0) return true;
  throw usageError(
    `${without.length} of ${shards.length} shards were checked without --fingerprints, the first of them ${without[0]!.file}`,
    'check them again with --fingerprints, or all without',
  );
}
