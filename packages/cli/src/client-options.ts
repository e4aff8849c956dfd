import type { ClientOptions } from '@tunegate/uploader';
import type { Destination } from './destination.js';
import type { FlagValues } from './flags.js';
import type { Environment } from './output.js';

type Uploader = Pick<typeof import('@tunegate/uploader'), 'proxyFromEnvironment'>;

/** A connection stands sooner than that, or not at all. In milliseconds. */
const MAX_CONNECT = 10_000;

/** The part of a destination that a client needs. */
type Account = Pick<
  Destination,
  'dialect' | 'baseURL' | 'apiKey' | 'accessToken' | 'apiVersion' | 'organization' | 'project'
>;

/** How the uploader is to reach a destination: as whom, through which proxy, and how patiently. */
export function clientOptions(
  { dialect, baseURL, apiKey, accessToken, apiVersion, organization, project }: Account,
  flags: Pick<FlagValues, 'timeout' | 'retries'>,
  env: Environment,
  { proxyFromEnvironment }: Uploader,
): ClientOptions {
  return {
    dialect,
    baseURL,
    ...(apiKey !== undefined && { apiKey }),
    ...(accessToken !== undefined && { accessToken }),
    ...(apiVersion !== undefined && { apiVersion }),
    proxy: proxyFromEnvironment(env),
    ...(organization !== undefined && { organization }),
    ...(project !== undefined && { project }),
    ...(flags.timeout !== undefined && { timeout: patience(flags.timeout * 1000) }),
    ...(flags.retries !== undefined && { retry: { retries: flags.retries } }),
  };
}

/** `--timeout` is for every phase in which nothing moves: the listing before the upload and the wait for the answer, too. */
function patience(ms: number): NonNullable<ClientOptions['timeout']> {
  return { connect: Math.min(ms, MAX_CONNECT), stall: ms, response: ms, body: ms };
}
