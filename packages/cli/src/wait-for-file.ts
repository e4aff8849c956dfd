import type { FilesClient, ProcessedFile } from '@tunegate/uploader';
import type { Destination } from './destination.js';
import { oneLine } from './one-line.js';
import type { Progress } from './progress.js';
import { uploadFailure } from './upload-failure.js';

interface Waiting {
  readonly uploader: typeof import('@tunegate/uploader');
  readonly client: FilesClient;
  readonly to: Destination;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Seconds; absent: the uploader's own. */
  readonly maxWait: number | undefined;
}

/**
 * Waits until the server has processed a file, and shows that it does.
 *
 * @throws CommandError 4 when the server could not process it, 3 when it took too long, 130 when interrupted
 */
export async function waitFor(id: string, waiting: Waiting): Promise<ProcessedFile> {
  const { uploader, client, to, signal, progress, maxWait } = waiting;
  try {
    return await client.waitForProcessing(id, {
      signal,
      ...(maxWait !== undefined && { maxWait: maxWait * 1000 }),
      onPoll: ({ status }) =>
        progress.update(() => `waiting until ${oneLine(to.host)} has processed ${id}  ${oneLine(status ?? '')}`),
    });
  } catch (error) {
    throw uploadFailure(error, uploader, { to, prefix: '' });
  } finally {
    await progress.clear();
  }
}
