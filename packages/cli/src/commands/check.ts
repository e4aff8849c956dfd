import { CommandError, failureText, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { checkDataset, checkOptions, loadValidator, unknownModelNote } from '../dataset-check.js';
import { EXIT, type ExitCode, exitCode, type Verdict, verdictCode } from '../exit-code.js';
import { expandFiles } from '../file-pattern.js';
import { openFindings } from '../findings.js';
import { formatRequests } from '../format-request.js';
import { createProgress, progressMode } from '../progress.js';

/** `tunegate check`: findings on standard output, everything else on standard error. */
export async function check({ positionals, flags, env, io }: Invocation): Promise<ExitCode> {
  if (positionals.length === 0) throw usageError('no file to check', 'name one or more; - is standard input');
  if (positionals.filter((it) => it === '-').length > 1) throw usageError('standard input can be checked only once');
  const requests = formatRequests(flags.format ?? [], env, io.stdout);
  const inputs = await expandFiles(positionals);
  const validator = await loadValidator();
  const options = checkOptions(flags, validator);
  const modelNote = unknownModelNote(flags, validator);
  if (modelNote !== undefined && !flags.quiet) await io.stderr.write(modelNote);
  const progress = createProgress(io.stderr, progressMode(flags, io.stderr.isTTY), io.now);
  const findings = await openFindings({ requests, flags, env, output: io.stdout, inputs, beforeWrite: progress.clear });

  const causes: ExitCode[] = [];
  const verdicts: Verdict[] = [];
  try {
    for (const path of inputs) {
      const stdinName = path === '-' ? flags['stdin-filename'] : undefined;
      const named = stdinName === undefined ? options : { ...options, fileName: stdinName };
      try {
        verdicts.push(await checkDataset(path, { validator, options: named, findings, progress, io }));
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
  return exitCode([...causes, verdictCode(verdicts, flags['max-warnings'])]);
}
