import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type {
  CreatedFile,
  CreateFileOptions,
  FileObject,
  FilePurpose,
  FilesClient,
  PartsOptions,
  UploadEvent,
} from '@tunegate/uploader';
import type { Config, Report, ValidateOptions } from '@tunegate/validator';
import { CommandError, usageError } from '../command-error.js';
import type { Invocation } from '../command-table.js';
import { loadConfig } from '../config.js';
import { checkDataset, checkOptions, loadValidator } from '../dataset-check.js';
import { type Destination, destination, isOpenAI, uploadName } from '../destination.js';
import { findExisting, type WantedFile } from '../existing-file.js';
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
import { waitFor } from '../wait-for-file.js';

type Uploader = typeof import('@tunegate/uploader');
type Validator = typeof import('@tunegate/validator');

/** What an upload works with from its first line to its last. */
interface Job {
  readonly path: string;
  readonly flags: FlagValues;
  readonly to: Destination;
  readonly uploader: Uploader;
  readonly client: FilesClient;
  readonly purpose: FilePurpose;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly note: (text: string) => Promise<void>;
}

/** `tunegate upload`: the file id on standard output, everything else on standard error. */
export async function upload(invocation: Invocation): Promise<ExitCode> {
  const { flags, env, io } = invocation;
  const path = onlyFile(invocation.positionals);
  refuseContradictions(flags);
  await refusePipe(path);
  const config = flags['no-check'] ? {} : await loadConfig(flags, process.cwd());
  const to = destination({ ...(config.target && { target: config.target }), ...flags }, env);
  const uploader = await import('@tunegate/uploader');
  // Made before the check: a wrong option is no reason to read a large file first.
  const client = openFilesClient(uploader, to, flags);
  const progress = createProgress(io.stderr, progressMode(flags, io.stderr.isTTY), io.now);
  const note = async (text: string) => {
    await progress.clear();
    if (!flags.quiet) await io.stderr.write(`${oneLine(text)}\n`);
  };
  const { purpose = 'fine-tune' } = flags;
  const job: Job = { path, flags, to, uploader, client, purpose, signal: io.signal, progress, note };

  try {
    if (isOpenAI(to) && purpose === 'fine-tune') await note(OPENAI_WINDS_DOWN);
    let report: Report | undefined;
    if (flags['no-check']) await note('the rules were not checked (--no-check); size, SHA-256 and name are');
    else {
      report = await checkFirst(path, invocation, config, progress);
      if (verdictCode([report], flags['max-warnings'] ?? config.maxWarnings) !== EXIT.clean) {
        await io.stderr.write('not uploaded\n');
        return EXIT.findings;
      }
    }
    const template = nameTemplate(path, to, flags);
    const expect = report && { size: report.bytes, sha256: report.sha256 };
    // Both need the digest before anything is sent; a check has it already.
    if (flags['skip-existing'] || flags['dry-run']) {
      const wanted = await describeFile(job, template, expect);
      const existing = flags['skip-existing'] ? await lookForExisting(job, wanted) : undefined;
      if (existing !== undefined) {
        await io.stdout.write(`${existing.id}\n`);
        await note(`not sent: ${to.host} has these bytes as ${existing.id}, ${existing.filename}`);
        return EXIT.clean;
      }
      if (flags['dry-run']) {
        await note(dryRunText(job, wanted));
        return EXIT.clean;
      }
    }
    if (!path.endsWith(template))
      await note(`sent under the name ${template}${template.endsWith('.jsonl') ? NAME_RULE : ''}`);
    const file = await send(job, { filename: template, ...partsOptions(flags, env), ...(expect && { expect }) });

    // First of all: whatever else fails, the id is not lost.
    await io.stdout.write(`${file.id}\n`);
    await reportUpload(job, file);
    const model = flags.model ?? config.model;
    if (flags['no-wait'] || !(flags.wait || to.waits)) {
      if (to.waits) await note(`next: tunegate files wait ${file.id} --target ${to.target}`);
      else await note(nextStep(to.target, purpose, file.id, model));
      return EXIT.clean;
    }
    const processed = await waitFor(file.id, { ...job, maxWait: flags['max-wait'] });
    await note(
      processed.processing.outcome === 'processed'
        ? `${file.id} is processed`
        : `${to.host} does not say whether ${file.id} is processed (state ${processed.status ?? 'not told'})`,
    );
    await note(nextStep(to.target, purpose, file.id, model));
    return EXIT.clean;
  } finally {
    await client.close();
  }
}

const NAME_RULE = ': the API knows a fine-tuning file by .jsonl';

function refuseContradictions(flags: FlagValues): void {
  if (flags.wait && flags['no-wait']) throw usageError('--wait and --no-wait exclude each other');
  if (flags['compare-content'] && !flags['skip-existing']) {
    throw usageError('--compare-content says how --skip-existing compares', 'give --skip-existing as well');
  }
  if (flags['skip-existing'] && !flags['compare-content'] && flags.name && !/\{sha256(?::\d+)?\}/.test(flags.name)) {
    throw usageError(
      `--skip-existing cannot tell files apart by the name ${flags.name}`,
      'put {sha256:8} into it, or compare what the files hold with --compare-content',
    );
  }
}

/** The name to send the file under, placeholders and all. */
function nameTemplate(path: string, { target }: Destination, flags: FlagValues): string {
  const isHashed = flags['skip-existing'] && !flags['compare-content'] && flags.name === undefined;
  const name = uploadName(path, target, flags.name);
  if (!isHashed) return name;
  const extension = /(?<=.)\.[^.]*$/.exec(name)?.[0] ?? '';
  return `{stem}-{sha256:8}${extension}`;
}

/** What would be sent. Reads the file, unless a check has done so; what was checked must still be there. */
async function describeFile(
  { path, uploader, to, purpose, signal }: Job,
  template: string,
  expect: { size: number; sha256: string } | undefined,
): Promise<WantedFile> {
  try {
    const snapshot = await uploader.openSnapshot(path, { ...(expect && { expect, verify: true }), signal });
    await snapshot.close();
    const { size: bytes, sha256 } = snapshot;
    const filename = uploader.fillFileName(template, { filename: basename(path), sha256 });
    return { purpose, filename, bytes, sha256 };
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  }
}

async function lookForExisting({ client, flags, uploader, to, signal }: Job, wanted: WantedFile) {
  try {
    return await findExisting(client, wanted, flags['compare-content'] ? 'content' : 'name', signal);
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  }
}

/** More than framing ever takes. */
const FRAMING_BYTES = 2048;

function dryRunText({ path, to, purpose, flags }: Job, { filename, bytes, sha256 }: WantedFile): string {
  const maxBytes = flags.parts === 'never' ? to.maxBytes : to.maxBytesInParts;
  if (bytes + FRAMING_BYTES > maxBytes) {
    throw new CommandError(
      EXIT.usage,
      `${path} has ${bytes} bytes: too many for ${to.target}, which takes ${maxBytes}`,
      {
        help: 'split the dataset',
      },
    );
  }
  const expiry = flags['expires-after'] === undefined ? '' : `, to be deleted after ${flags['expires-after']} s`;
  return `would send ${path} to ${to.host} as ${filename}: ${bytes} bytes, sha256 ${sha256}, purpose ${purpose}${expiry}; nothing was sent (--dry-run)`;
}

async function reportUpload({ path, to, note }: Job, file: CreatedFile): Promise<void> {
  const { bytes, sha256, recovered, possibleDuplicates } = file.upload;
  await note(`uploaded ${path} to ${to.host} as ${file.id}: ${bytes} bytes, sha256 ${sha256}`);
  if (recovered) await note("the server's answer was lost; the file was found again in its list");
  if (possibleDuplicates.length > 0) {
    await note(
      `the server may hold it more than once: compare ${possibleDuplicates.join(', ')}, and delete what is too many`,
    );
  }
  if (isFailed(file)) await note(`the server says that ${file.id} is in the state "${file.status}"`);
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

async function send(
  { path, uploader, client, to, flags, purpose, signal, progress, note }: Job,
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
