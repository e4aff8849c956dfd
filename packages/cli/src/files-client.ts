import type { FilesClient } from '@tunegate/uploader';
import { clientOptions } from './client-options.js';
import type { Destination } from './destination.js';
import type { FlagValues } from './flags.js';
import type { Environment } from './output.js';
import { uploadFailure } from './upload-failure.js';

type Uploader = typeof import('@tunegate/uploader');

/**
 * The client for a destination. Nothing is sent.
 *
 * @throws CommandError for a key or an address that cannot be used
 */
export function openFilesClient(
  uploader: Uploader,
  to: Destination,
  flags: Pick<FlagValues, 'timeout' | 'retries'>,
  env: Environment,
): FilesClient {
  try {
    return uploader.createFilesClient(clientOptions(to, flags, env, uploader));
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  }
}
