import * as uploader from '@tunegate/uploader';
import { expect, test } from 'vitest';
import { destination } from './destination.js';
import { createProgress } from './progress.js';
import { waitFor } from './wait-for-file.js';

test('a wait that is too long says 3, and how to go on; --max-wait is in seconds', async () => {
  const output = { isTTY: false, write: async () => {}, flush: async () => {} };
  const asked: unknown[] = [];
  const client = {
    ...uploader.createFilesClient({ apiKey: 'k' }),
    async waitForProcessing(_id: string, options?: uploader.WaitOptions): Promise<uploader.ProcessedFile> {
      asked.push(options?.maxWait);
      throw new uploader.TimeoutError('E_TIMEOUT_PROCESSING', 'not processed', 1, {
        hint: 'wait, with a larger maxWait',
      });
    },
  };
  const waiting = waitFor('file-1', {
    uploader,
    client,
    to: destination({}, { OPENAI_API_KEY: 'k' }),
    signal: new AbortController().signal,
    progress: createProgress(output, 'off', () => 0),
    maxWait: 90,
  });
  await expect(waiting).rejects.toMatchObject({
    exitCode: 3,
    message: 'not processed',
    help: 'wait, with tunegate files wait and a larger --max-wait',
  });
  expect(asked).toEqual([90_000]);
});
