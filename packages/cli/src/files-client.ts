import type { FilesClient } from '@tunegate/uploader';
import type { Destination } from './destination.js';
import type { FlagValues } from './flags.js';
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
): FilesClient {
  const { dialect, baseURL, apiKey, accessToken, apiVersion, organization, project } = to;
  try {
    return uploader.createFilesClient({
      dialect,
      baseURL,
      ...(apiKey !== undefined && { apiKey }),
      ...(accessToken !== undefined && { accessToken }),
      ...(apiVersion !== undefined && { apiVersion }),
      ...(organization !== undefined && { organization }),
      ...(project !== undefined && { project }),
      ...(flags.timeout !== undefined && { timeout: { stall: flags.timeout * 1000 } }),
      ...(flags.retries !== undefined && { retry: { retries: flags.retries } }),
    });
  } catch (error) {
    throw uploadFailure(error, uploader, { to });
  }
}
