import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type {
  CreatedFile,
  CreateFileOptions,
  FileObject,
  FilePurpose,
  PartsOptions,
  UploadEvent,
} from '@tunegate/uploader';
import type { Config, Report, ValidateOptions } from '@tunegate/validator';
import { CommandError, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { checkDataset, checkOptions, loadValidator } from '../dataset-check.js';
import { destination, isOpenAI } from '../destination.js';
import { EXIT, type ExitCode, verdictCode } from '../exit-code.js';
import { openFilesClient } from '../files-client.js';
import { openFindings } from '../findings.js';
import type { FlagValues } from '../flags.js';
import { formatRequests } from '../format-request.js';
import { oneLine } from '../one-line.js';
import type { Environment } from '../output.js';
import { createProgress, type Progress, progressMode } from '../progress.js';
import { nextStep, OPENAI_WINDS_DOWN } from '../provider-advice.js';
import { stateDirectory } from '../state-directory.js';
import { uploadFailure } from '../upload-failure.js';
import {
  type CheckedBytes,
  dryRunText,
  lookForExisting,
  nameTemplate,
  planUpload,
  refuseContradictions,
  type UploadJob,
} from '../upload-plan.js';
import { waitFor } from '../wait-for-file.js';

type Validator = typeof import('@tunegate/validator');

/** A dataset to send, and what part it plays. */
interface Dataset {
  readonly path: string;
  readonly split: 'train' | 'valid';
}

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
  // Made before the check: a wrong option is no reason to read a large file first.
  const client = openFilesClient(uploader, to, flags, env);
  const progress = createProgress(io.stderr, progressMode(flags, io.stderr.isTTY), io.now);
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
      reports = await checkFirst(datasets, invocation, config, progress);
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
      await io.stdout.write(`${file.id}\n`);
      await file.report();
      ids.push(file.id);
      if (file.isNew) sent.push(file.id);
    }
    if (sent.length > 0) await seeThrough(job, sent, nextStep(to.target, purpose, ids, flags.model ?? config.model));
    return EXIT.clean;
  } finally {
    await client.close();
  }
}

function datasetsOf(positionals: readonly string[], { train = [], valid = [] }: FlagValues): readonly Dataset[] {
  const [only, ...others] = [...positionals, ...train];
  if (only === undefined) throw usageError('no file to upload', 'tunegate upload FILE');
  if (others.length > 0 || valid.length > 1) {
    throw usageError('upload takes one file, or one with --train and one with --valid', 'call it once for each file');
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

/** A file that is on the server now. */
interface Delivered {
  readonly id: string;
  /** It was sent now, and may have to be processed. */
  readonly isNew: boolean;
  /** Says how it came there; called when the id is safe. */
  report(): Promise<void>;
}

/** Brings one file to the server, unless it is there already or nothing is to be sent. */
async function deliver(
  job: UploadJob,
  path: string,
  template: string,
  expect: CheckedBytes | undefined,
): Promise<Delivered | undefined> {
  const { flags, to, note } = job;
  if (flags['skip-existing'] || flags['dry-run']) {
    const wanted = await planUpload(job, path, template, expect);
    const existing = flags['skip-existing'] ? await lookForExisting(job, wanted) : undefined;
    if (existing !== undefined) {
      const { id, filename } = existing;
      return { id, isNew: false, report: () => note(`not sent: ${to.host} has these bytes as ${id}, ${filename}`) };
    }
    if (flags['dry-run']) {
      await note(dryRunText(job, path, wanted));
      return undefined;
    }
  }
  const file = await send(path, job, { filename: template, ...job.parts, ...(expect && { expect }) });
  return {
    id: file.id,
    isNew: true,
    async report() {
      const own = basename(path);
      const name = job.uploader.fillFileName(template, { filename: own, sha256: file.upload.sha256 });
      const why = name.endsWith('.jsonl') && !own.endsWith('.jsonl') ? NAME_RULE : '';
      if (name !== own) await note(`sent under the name ${name}${why}`);
      await reportUpload(path, job, file);
    },
  };
}

const NAME_RULE = ': the API knows a fine-tuning file by .jsonl';

/** Waits for what was sent, where that is wanted, and says what to do with it. */
async function seeThrough(job: UploadJob, ids: readonly string[], next: string): Promise<void> {
  const { flags, to, note } = job;
  if (flags['no-wait'] || !(flags.wait || to.waits)) {
    if (!to.waits) return note(next);
    for (const id of ids) await note(`next: tunegate files wait ${id} --target ${to.target}`);
    return;
  }
  for (const id of ids) {
    const { processing, status } = await waitFor(id, { ...job, maxWait: flags['max-wait'] });
    await note(
      processing.outcome === 'processed'
        ? `${id} is processed`
        : `${to.host} does not say whether ${id} is processed (state ${status ?? 'not told'})`,
    );
  }
  await note(next);
}

async function reportUpload(path: string, { to, note }: UploadJob, file: CreatedFile): Promise<void> {
  const { bytes, sha256, recovered, possibleDuplicates } = file.upload;
  await note(`uploaded ${path} to ${to.host} as ${file.id}: ${bytes} bytes, sha256 ${sha256}`);
  if (recovered) await note("the server's answer was lost; the file was found again in its list");
  if (possibleDuplicates.length > 0) {
    await note(
      `the server may hold it more than once: compare ${possibleDuplicates.join(', ')}, and delete what is too many`,
    );
  }
  if (isFailed(file)) {
    throw new CommandError(
      EXIT.rejected,
      `${to.host} could not process ${file.id}: it is in the state "${file.status}"`,
      {
        help: `tunegate files delete ${file.id}`,
      },
    );
  }
}

function isFailed({ status }: FileObject): boolean {
  return status === 'error' || status === 'failed';
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

/** The check takes a pipe under the name "-"; an upload cannot. What is missing or a directory is told by whoever opens it. */
async function refusePipe(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw usageError(`${path} is not a regular file: what is sent must be read twice`, 'write it to a file first');
}

/** Checks everything before anything is sent; the validation file is held against the training file. */
async function checkFirst(
  datasets: readonly Dataset[],
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

async function send(
  path: string,
  { uploader, client, to, flags, purpose, signal, progress, note }: UploadJob,
  options: Pick<CreateFileOptions, 'filename' | 'expect' | keyof PartsOptions>,
): Promise<CreatedFile> {
  const seconds = flags['expires-after'];
  try {
    return await client.createFile(path, purpose, {
      ...options,
      signal,
      // Two limits are the uploader's own, one for each way.
      ...(to.maxBytesInParts === to.maxBytes && { maxBytes: to.maxBytes }),
      ...(seconds !== undefined && { expiresAfter: { anchor: 'created_at', seconds } }),
      onProgress({ phase, bytesSent, bytesTotal, bytesPerSecond }) {
        const share = bytesTotal > 0 ? Math.floor((bytesSent / bytesTotal) * 100) : 100;
        const pace =
          phase === 'send' && bytesPerSecond > 0 ? `  ${paceText(bytesTotal - bytesSent, bytesPerSecond)}` : '';
        progress.update(
          () => `${PHASES[phase]} ${oneLine(to.host)}  ${share}% of ${(bytesTotal / 1e6).toFixed(1)} MB${pace}`,
        );
      },
      onEvent(event) {
        const text = eventText(event);
        if (text !== undefined) void note(text).catch(() => {});
      },
    });
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  } finally {
    await progress.clear();
  }
}

function paceText(bytesLeft: number, bytesPerSecond: number): string {
  const left = Math.ceil(bytesLeft / bytesPerSecond);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s  ${clock} left`;
}

const PHASES = {
  connect: 'connecting to',
  send: 'sending to',
  wait: 'waiting for',
  reconcile: 'looking for the file at',
  done: 'sent to',
} as const;

function eventText(event: UploadEvent): string | undefined {
  switch (event.type) {
    case 'attempt-failed':
      return event.willRetryInMs === null
        ? undefined
        : `${event.part === undefined ? '' : `part ${event.part}, `}try ${event.attempt} failed: ${event.error.message}; trying again in ${(event.willRetryInMs / 1000).toFixed(1)} s`;
    case 'ambiguous':
      return "the answer was lost; looking for the file in the server's list";
    case 'duplicate-risk':
      return `the file is sent a second time (${event.reason}); if the first one was stored after all, there will be two`;
    case 'resumed':
      return event.partsDone === event.partsTotal
        ? 'an earlier upload of this file had sent all of its parts: asking the server to put them together'
        : `going on with an earlier upload of this file: ${event.partsDone} of ${event.partsTotal} parts are there`;
    case 'kept-for-resume':
      return `${event.partsDone} of ${event.partsTotal} parts are kept for an hour: the same command goes on with them`;
    case 'warning':
      return event.message;
    case 'source-changed':
      return `${event.path} was touched while it was sent; the server got the bytes that were checked`;
    default:
      return undefined;
  }
}
