import { stat } from 'node:fs/promises';
import type { CreatedFile, CreateFileOptions, FilePurpose, FilesClient, UploadEvent } from '@tunegate/uploader';
import type { Config, Report, ValidateOptions } from '@tunegate/validator';
import { clientOptions } from '../client-options.js';
import { usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { checkDataset, checkOptions, loadValidator } from '../dataset-check.js';
import { type Destination, destination, isOpenAI, uploadName } from '../destination.js';
import { EXIT, type ExitCode, verdictCode } from '../exit-code.js';
import { openFindings } from '../findings.js';
import { formatRequests } from '../format-request.js';
import { oneLine } from '../one-line.js';
import { createProgress, type Progress, progressMode } from '../progress.js';
import { uploadFailure } from '../upload-failure.js';

type Uploader = typeof import('@tunegate/uploader');
type Validator = typeof import('@tunegate/validator');

/** `tunegate upload`: the file id on standard output, everything else on standard error. */
export async function upload(invocation: Invocation): Promise<ExitCode> {
  const { flags, env, io } = invocation;
  const path = onlyFile(invocation.positionals);
  await refusePipe(path);
  const config = flags['no-check'] ? {} : await loadConfig(flags, process.cwd());
  const to = destination({ ...(config.target && { target: config.target }), ...flags }, env);
  const uploader = await import('@tunegate/uploader');
  const client = openClient(uploader, to, invocation);
  const progress = createProgress(io.stderr, progressMode(flags, io.stderr.isTTY), io.now);
  const note = async (text: string) => {
    await progress.clear();
    if (!flags.quiet) await io.stderr.write(`${oneLine(text)}\n`);
  };

  let report: Report | undefined;
  if (flags['no-check']) await note('the rules were not checked (--no-check); size, SHA-256 and name are');
  else {
    report = await checkFirst(path, invocation, config, progress);
    if (verdictCode([report], flags['max-warnings'] ?? config.maxWarnings) !== EXIT.clean) {
      await io.stderr.write('not uploaded\n');
      return EXIT.findings;
    }
  }

  const filename = uploadName(path, to.target);
  if (!path.endsWith(filename))
    await note(`sent under the name ${filename}: the API knows a fine-tuning file by .jsonl`);
  const file = await send(path, {
    uploader,
    client,
    to,
    purpose: flags.purpose ?? 'fine-tune',
    progress,
    note,
    options: {
      filename,
      signal: io.signal,
      ...(report && { expect: { size: report.bytes, sha256: report.sha256 } }),
    },
  });

  // First of all: whatever else fails, the id is not lost.
  await io.stdout.write(`${file.id}\n`);
  const { bytes, sha256, recovered } = file.upload;
  await note(`uploaded ${path} to ${to.host} as ${file.id}: ${bytes} bytes, sha256 ${sha256}`);
  if (recovered) await note("the server's answer was lost; the file was found again in its list");
  if (isOpenAI(to)) {
    // Source: https://platform.openai.com/docs/deprecations
    await note('note: OpenAI takes new fine-tuning jobs from existing customers only, and none from 2027-01-06 on');
  }
  return EXIT.clean;
}

function onlyFile(positionals: readonly string[]): string {
  const [path, ...others] = positionals;
  if (path === undefined) throw usageError('no file to upload', 'tunegate upload FILE');
  if (others.length > 0) throw usageError('upload takes one file', 'call it once for each file');
  if (path === '-')
    throw usageError('standard input cannot be uploaded: what is sent must be read twice', 'write it to a file first');
  return path;
}

/** The check takes a pipe under the name "-"; an upload cannot. What is missing or a directory is told by whoever opens it. */
async function refusePipe(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return;
  throw usageError(`${path} is not a regular file: what is sent must be read twice`, 'write it to a file first');
}

async function checkFirst(
  path: string,
  { flags, env, io }: Invocation,
  config: Config,
  progress: Progress,
): Promise<Report> {
  const requests = formatRequests(flags.format ?? [], env, io.stderr);
  const validator = await loadValidator();
  const options = forUpload(await checkOptions(flags, config, validator), validator);
  const findings = await openFindings({
    requests,
    flags,
    env,
    output: io.stderr,
    inputs: [path],
    beforeWrite: progress.clear,
  });
  try {
    const report = await checkDataset(path, { validator, options, findings, progress, io });
    await findings.end();
    return report;
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

/** Made before the check: a wrong option is no reason to read a large file first. */
function openClient(uploader: Uploader, to: Destination, { flags, env }: Invocation): FilesClient {
  try {
    return uploader.createFilesClient(clientOptions(to, flags, env, uploader));
  } catch (error) {
    throw uploadFailure(error, uploader);
  }
}

/** What {@link send} works with. */
interface Sending {
  readonly uploader: Uploader;
  readonly client: FilesClient;
  readonly to: Destination;
  readonly purpose: FilePurpose;
  readonly progress: Progress;
  readonly note: (text: string) => Promise<void>;
  readonly options: CreateFileOptions;
}

async function send(
  path: string,
  { uploader, client, to, purpose, progress, note, options }: Sending,
): Promise<CreatedFile> {
  try {
    return await client.createFile(path, purpose, {
      ...options,
      ...(to.maxBytes !== undefined && { maxBytes: to.maxBytes }),
      onProgress({ phase, bytesSent, bytesTotal }) {
        const share = bytesTotal > 0 ? Math.floor((bytesSent / bytesTotal) * 100) : 100;
        progress.update(() => `${PHASES[phase]} ${oneLine(to.host)}  ${share}% of ${(bytesTotal / 1e6).toFixed(1)} MB`);
      },
      onEvent(event) {
        const text = eventText(event);
        if (text !== undefined) void note(text).catch(() => {});
      },
    });
  } catch (error) {
    throw uploadFailure(error, uploader);
  } finally {
    await progress.clear();
    await client.close();
  }
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
        : `try ${event.attempt} failed: ${event.error.message}; trying again in ${(event.willRetryInMs / 1000).toFixed(1)} s`;
    case 'ambiguous':
      return "the answer was lost; looking for the file in the server's list";
    case 'source-changed':
      return `${event.path} was touched while it was sent; the server got the bytes that were checked`;
    default:
      return undefined;
  }
}
