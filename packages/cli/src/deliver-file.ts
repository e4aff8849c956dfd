import { basename } from 'node:path';
import type { CreatedFile, CreateFileOptions, FileObject, PartsOptions } from '@tunegate/uploader';
import { eventText, sendingText } from './upload-events.js';
import { uploadFailure } from './upload-failure.js';
import { type CheckedBytes, dryRunText, lookForExisting, planUpload, type UploadJob } from './upload-plan.js';
import { waitFor } from './wait-for-file.js';

/** A file that is on the server now. */
interface Delivered {
  readonly id: string;
  /** It was sent now, and may have to be processed. */
  readonly isNew: boolean;
  /** Says how it came there; called when the id is safe. */
  report(): Promise<void>;
}

/** Brings one file to the server, unless it is there already or nothing is to be sent. */
export async function deliver(
  job: UploadJob,
  path: string,
  template: string,
  expect: CheckedBytes | undefined,
): Promise<Delivered | undefined> {
  const { flags, to, note, uploader } = job;
  let sha256 = expect?.sha256;
  if (flags['skip-existing'] || flags['dry-run']) {
    const wanted = await planUpload(job, path, template, expect);
    sha256 = wanted.sha256;
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
  if (!path.endsWith(template)) {
    const name =
      sha256 === undefined ? template : uploader.fillFileName(template, { filename: basename(path), sha256 });
    const isNamedAnew = template.endsWith('.jsonl') && !path.endsWith('.jsonl');
    await note(`sent under the name ${name}${isNamedAnew ? NAME_RULE : ''}`);
  }
  const file = await send(path, job, { filename: template, ...job.parts, ...(expect && { expect }) });
  return { id: file.id, isNew: true, report: () => reportUpload(path, job, file) };
}

const NAME_RULE = ': the API knows a fine-tuning file by .jsonl';

async function reportUpload(path: string, { to, note }: UploadJob, file: CreatedFile): Promise<void> {
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
      onProgress(state) {
        progress.update(() => sendingText(state, to.host));
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

/** Waits for what was sent, where that is wanted, and says what to do with it. */
export async function seeThrough(job: UploadJob, ids: readonly string[], next: string): Promise<void> {
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
