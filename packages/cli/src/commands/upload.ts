import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilePurpose, PartsOptions } from '@tunegate/uploader';
import type { Report } from '@tunegate/validator';
import { checkBeforeUpload, type UploadDataset } from '../check-before-upload.js';
import { usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { deliver, seeThrough } from '../deliver-file.js';
import { destination, isOpenAI } from '../destination.js';
import { EXIT, type ExitCode, verdictCode } from '../exit-code.js';
import { openFilesClient } from '../files-client.js';
import type { FlagValues } from '../flags.js';
import { oneLine } from '../one-line.js';
import type { Environment } from '../output.js';
import { createProgress, progressMode } from '../progress.js';
import { nextStep, OPENAI_WINDS_DOWN } from '../provider-advice.js';
import { stateDirectory } from '../state-directory.js';
import { nameTemplate, refuseContradictions, type UploadJob } from '../upload-plan.js';

/** `tunegate upload`: file ids on standard output, one a line, everything else on standard error. */
export async function upload(invocation: Invocation): Promise<ExitCode> {
  const { flags, env, io } = invocation;
  const datasets = datasetsOf(invocation.positionals, flags);
  refuseContradictions(flags);
  const purpose = filePurpose(flags.purpose);
  for (const { path } of datasets) await refusePipe(path);
  const config = flags['no-check'] ? {} : await loadConfig(flags, process.cwd());
  const to = destination({ ...(config.target && { target: config.target }), ...flags }, env);
  const uploader = await import('@tunegate/uploader');
  // Before the check: a wrong option is no reason to read a large file first.
  if (flags.name !== undefined) for (const { path } of datasets) nameTemplate(path, to, flags);
  const client = openFilesClient(uploader, to, flags, env);
  const progress = createProgress(io.stderr, progressMode(flags, env, io.stderr), io.now);
  const note = async (text: string) => {
    await progress.clear();
    if (!flags.quiet) await io.stderr.write(`${oneLine(text)}\n`);
  };
  const job: UploadJob = {
    flags,
    to,
    uploader,
    client,
    purpose,
    signal: io.signal,
    parts: partsOptions(flags, env),
    progress,
    note,
  };

  try {
    if (isOpenAI(to) && purpose === 'fine-tune') await note(OPENAI_WINDS_DOWN);
    let reports: readonly Report[] = [];
    if (flags['no-check']) await note('the rules were not checked (--no-check); size, SHA-256 and name are');
    else {
      reports = await checkBeforeUpload(datasets, invocation, config, progress);
      if (verdictCode(reports, flags['max-warnings'] ?? config.maxWarnings) !== EXIT.clean) {
        await io.stderr.write('not uploaded\n');
        return EXIT.findings;
      }
    }
    const templates = datasets.map(({ path }) => nameTemplate(path, to, flags));
    const ids: string[] = [];
    const sent: string[] = [];
    for (const [at, { path }] of datasets.entries()) {
      const report = reports[at];
      const expect = report && { size: report.bytes, sha256: report.sha256 };
      const file = await deliver(job, path, templates[at] ?? path, expect);
      if (file === undefined) continue;
      // First of all: whatever else fails, the id is not lost.
      await io.stdout.write(`${file.id}\n`).finally(() => file.report());
      ids.push(file.id);
      if (file.isNew) sent.push(file.id);
    }
    if (sent.length > 0) await seeThrough(job, sent, nextStep(to.target, purpose, ids, flags.model ?? config.model));
    return EXIT.clean;
  } finally {
    await client.close();
  }
}

function datasetsOf(positionals: readonly string[], { train = [], valid = [] }: FlagValues): readonly UploadDataset[] {
  const [only, ...others] = [...positionals, ...train];
  if (only === undefined) throw usageError('no file to upload', 'tunegate upload FILE');
  if (others.length > 0 || valid.length > 1) {
    throw usageError(
      'upload takes one file, or one with --train and one with --valid',
      'call it once for each file; files that are one dataset (`check --train A B`) are put into one first',
    );
  }
  const paths = [only, ...valid];
  if (paths.includes('-'))
    throw usageError('standard input cannot be uploaded: what is sent must be read twice', 'write it to a file first');
  return paths.map((path, at) => ({ path, split: at === 0 ? 'train' : 'valid' }));
}

/** Some files only the server makes. */
function filePurpose(purpose: FlagValues['purpose'] = 'fine-tune'): FilePurpose {
  if (purpose !== 'fine-tune-results' && purpose !== 'batch_output' && purpose !== 'assistants_output') return purpose;
  throw usageError(`--purpose ${purpose} is for files that the server makes`, 'it can be listed, not uploaded');
}

/** The check takes a pipe under the name "-"; an upload cannot. What is missing or a directory is told by whoever opens it. */
async function refusePipe(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw usageError(`${path} is not a regular file: what is sent must be read twice`, 'write it to a file first');
}

/** The journal is left behind only by what can be gone on with: an interruption, a network that fails, a key that is wrong. */
function partsOptions(flags: FlagValues, env: Environment): PartsOptions {
  const { parts, concurrency, 'part-size': partSize } = flags;
  return {
    stateDir: join(stateDirectory(env), 'uploads'),
    ...(parts !== undefined && { parts }),
    ...(partSize !== undefined && { partSize }),
    ...(concurrency !== undefined && { concurrency }),
  };
}
