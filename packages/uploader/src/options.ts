import { checkObject } from './check-options.js';
import { type CredentialSource, openCredentials, type Secret } from './credentials.js';
import type { Dialect, DialectName } from './dialects/dialect.js';
import { dialects } from './dialects/index.js';
import { ConfigError } from './errors.js';
import { checkDispatcher, type Dispatcher } from './http/agent.js';
import { type Connections, createConnections } from './http/connections.js';
import { normalizeProxy, type ProxyOptions, type ProxySettings } from './http/proxy.js';
import type { Scrub } from './http/redact.js';
import { type Certificates, trustAlso } from './http/roots.js';
import { isLoopbackName } from './loopback.js';
import type { RetryOptions, RetrySettings } from './retry/policy.js';
import type { AttemptSummary } from './types.js';

/** How long each phase may take, in milliseconds. */
export interface TimeoutOptions {
  /** Until the connection stands, TLS and proxy included. @default 10_000 */
  connect?: number;
  /** Longest time in which no data move while a file is sent or downloaded. @default 60_000 */
  stall?: number;
  /** From the last byte sent to the head of the answer. @default 600_000 for an upload, 60_000 for every other call */
  response?: number;
  /** For the whole of a JSON answer. @default 60_000 */
  body?: number;
  /** For the whole call, with all its retries and waits. @default none: a slow line is no fault */
  deadline?: number;
}

/** All that is ever logged: nothing that came from a server but its status, no header, no body, no address. */
export interface LogFields extends Partial<AttemptSummary> {
  /** Before the next try, in milliseconds. */
  readonly delayMs?: number;
  /** What a callback of the caller threw, without anything secret. */
  readonly reason?: string;
}

/** Told what happens, for debugging. What it throws is ignored. */
export interface Logger {
  debug?(message: string, fields: LogFields): void;
  warn?(message: string, fields: LogFields): void;
}

export interface ClientOptions {
  /**
   * Sent as the dialect wants it. Never logged, never part of an error. Required but for `generic`, unless there is an
   * `accessToken`. A function is asked before every try. Code of the same process can see it all the same: undici hands the
   * headers to whoever subscribes to its diagnostics channels.
   */
  apiKey?: Secret;
  /**
   * A token that is sent as `Authorization: Bearer` in place of the key: for Azure, one of Entra ID. A function is asked
   * before every try, so that a token may be renewed.
   */
  accessToken?: Secret;
  /**
   * Where the API begins, for example `https://api.openai.com/v1`. For `azure` the endpoint of the resource is enough:
   * `/openai/v1`, or with an `apiVersion` `/openai`, is added.
   *
   * @default the dialect's own; required for `generic` and `azure`
   */
  baseURL?: string | URL;
  /** `api-version` of Azure's older API, for example `2025-04-01-preview`. Only for `azure`. @default none: the v1 API */
  apiVersion?: string;
  /** Sent as `OpenAI-Organization`. */
  organization?: string;
  /** Sent as `OpenAI-Project`. */
  project?: string;
  /** How the server's Files API differs from OpenAI's. @default 'openai' */
  dialect?: DialectName;
  retry?: RetryOptions;
  timeout?: TimeoutOptions;
  /**
   * A proxy, as an address for everything or by scheme and with exceptions; `proxyFromEnvironment(process.env)` reads the
   * usual variables. All goes through a tunnel (CONNECT). `http://` addresses of this machine are reached directly, unless
   * the proxy is on it, too.
   *
   * @default false
   */
  proxy?: string | ProxyOptions | false;
  /**
   * Certificates in PEM form to trust beside those that Node trusts: the content, not a file's name. Before Node 22.15
   * they take the place of `NODE_EXTRA_CA_CERTS`, which needs no option.
   */
  ca?: Certificates;
  /**
   * An undici 7 dispatcher, in place of `proxy` and `ca`. It is not closed with the client. Beware of undici's own
   * `ProxyAgent`: with a proxy that drops CONNECT it dials for ever, until it is destroyed.
   */
  dispatcher?: Dispatcher;
  /** @default none: nothing is logged */
  logger?: Logger;
  /** Send the key to a host that is not this machine without TLS. @default false */
  allowInsecureHttp?: boolean;
}

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Over the client's own. */
  timeout?: TimeoutOptions;
  /** Over the client's own. */
  retry?: RetryOptions;
}

/** Uploads wait and retry differently from everything else. */
export type CallKind = 'upload' | 'other';

export interface Timeouts {
  readonly connect: number;
  readonly stall: number;
  readonly response: number;
  readonly body: number;
  readonly deadline: number | undefined;
}

/** Complete options. The credentials are behind a function, so that nothing shows them by accident. */
export interface ClientSettings {
  readonly dialect: Dialect;
  /** Ends in a slash. */
  readonly baseURL: URL;
  readonly credentialHeaders: CredentialSource['headers'];
  /** To be called before every try. */
  readonly refreshCredentials: CredentialSource['refresh'];
  /** For text that is shown. */
  readonly scrub: Scrub;
  /** For answers that are parsed. */
  readonly scrubEcho: Scrub;
  readonly retry: RetryOptions;
  readonly timeout: TimeoutOptions;
  readonly connections: Connections;
  readonly logger: Logger;
}

/** Every default, in one place. */
export const DEFAULTS = {
  timeout: {
    connect: 10_000,
    stall: 60_000,
    /** OpenAI's own clients allow ten minutes, sending included. */
    response: { upload: 600_000, other: 60_000 },
    body: 60_000,
  },
  retry: {
    retries: { upload: 3, other: 4 },
    baseDelay: 500,
    maxDelay: 30_000,
    /** openai-python waits as long at most. */
    maxRetryAfter: 120_000,
    budget: 1_800_000,
  },
  /**
   * "512 MB" in OpenAI's reference, taken for binary: its limit of 25 MB for audio is enforced as 26,214,400 bytes of the
   * whole request body.
   */
  maxBytes: 512 * 1024 * 1024,
  /** Of a download into memory. */
  maxDownloadBytes: 64 * 1024 * 1024,
} as const;

/** @throws {ConfigError} */
export function normalizeClientOptions(options: ClientOptions): ClientSettings {
  checkObject('the argument, the options,', options);
  const dialect = chooseDialect(options.dialect ?? 'openai');
  const { apiKey = '', accessToken = '', organization, project } = options;
  const proxies = normalizeProxy(options.proxy);
  const credentials = openCredentials(dialect, { apiKey, accessToken, organization, project }, proxies.secrets);
  retrySettings('upload', options.retry);
  timeouts('upload', options.timeout);
  return {
    dialect,
    baseURL: checkBaseURL(options, dialect),
    credentialHeaders: credentials.headers,
    refreshCredentials: credentials.refresh,
    scrubEcho: credentials.scrubEcho,
    scrub: credentials.scrub,
    retry: { ...options.retry },
    timeout: { ...options.timeout },
    connections: connectionsOf(options, proxies),
    logger: options.logger ?? {},
  };
}

function connectionsOf({ dispatcher, proxy, ca }: ClientOptions, proxies: ProxySettings): Connections {
  if (dispatcher !== undefined) {
    checkDispatcher(dispatcher);
    if (ca !== undefined || (proxy !== undefined && proxy !== false)) {
      throw new ConfigError('dispatcher cannot be given together with proxy or ca', {
        hint: 'give them to the dispatcher',
      });
    }
  }
  return createConnections({ dispatcher, proxies, secureContext: ca === undefined ? undefined : trustAlso(ca) });
}

function chooseDialect(name: string): Dialect {
  if (Object.hasOwn(dialects, name)) return dialects[name as DialectName];
  throw new ConfigError(`unknown dialect "${name}"`, { hint: `known are ${Object.keys(dialects).join(', ')}` });
}

function checkBaseURL({ baseURL, apiVersion, allowInsecureHttp }: ClientOptions, dialect: Dialect): URL {
  const given = baseURL ?? dialect.defaultBaseURL;
  if (given === null || given === '') {
    throw new ConfigError(`baseURL is missing: the dialect "${dialect.name}" has no address of its own`, {
      hint: dialect.name === 'azure' ? 'it is the endpoint of the resource, https://NAME.openai.azure.com' : undefined,
    });
  }
  if (!URL.canParse(String(given))) throw new ConfigError('baseURL is not a URL', { hint: 'it begins with https://' });
  const url = new URL(given);
  if (url.username !== '' || url.password !== '')
    throw new ConfigError('baseURL must not hold a user name or password');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ConfigError(`baseURL begins with ${url.protocol} instead of https:`);
  }
  if (url.protocol === 'http:' && allowInsecureHttp !== true && !isLoopbackName(url.hostname)) {
    throw new ConfigError(
      `baseURL is http:// and ${url.hostname} is not this machine: the key would travel in the clear`,
      {
        hint: 'use https://, or set allowInsecureHttp if the network is yours',
      },
    );
  }
  url.hash = '';
  if (apiVersion !== undefined && dialect.name !== 'azure')
    throw new ConfigError('apiVersion is for the dialect "azure"');
  if (apiVersion !== undefined && !/^[\w.-]{1,40}$/.test(apiVersion))
    throw new ConfigError('apiVersion is not a version');
  const root = dialect.apiRoot(url, apiVersion);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  return root;
}

/** The first of several option objects that says anything decides; the defaults come last. */
export function retrySettings(kind: CallKind, ...layers: ReadonlyArray<RetryOptions | undefined>): RetrySettings {
  const { retries, ...rest } = DEFAULTS.retry;
  const settings = { retries: retries[kind] as number, ...rest } as { -readonly [K in keyof RetrySettings]: number };
  for (const name of Object.keys(settings) as Array<keyof RetrySettings>) {
    settings[name] = firstNumber(
      `retry.${name}`,
      settings[name],
      layers.map((layer) => layer?.[name]),
    );
  }
  if (!Number.isInteger(settings.retries)) throw new ConfigError('retry.retries is not a whole number');
  return settings;
}

/** As {@link retrySettings}. */
export function timeouts(kind: CallKind, ...layers: ReadonlyArray<TimeoutOptions | undefined>): Timeouts {
  const given = (name: keyof TimeoutOptions, fallback: number) => {
    const value = firstNumber(
      `timeout.${name}`,
      fallback,
      layers.map((layer) => layer?.[name]),
    );
    if (value === 0) throw new ConfigError(`timeout.${name} is 0`, { hint: 'leave it out to have the default' });
    return value;
  };
  const { connect, stall, response, body } = DEFAULTS.timeout;
  const deadline = given('deadline', Number.POSITIVE_INFINITY);
  return {
    connect: given('connect', connect),
    stall: given('stall', stall),
    response: given('response', response[kind]),
    body: given('body', body),
    deadline: deadline === Number.POSITIVE_INFINITY ? undefined : deadline,
  };
}

function firstNumber(name: string, fallback: number, values: ReadonlyArray<number | undefined>): number {
  const value = values.find((it) => it !== undefined) ?? fallback;
  if (typeof value !== 'number' || Number.isNaN(value) || value < 0) {
    throw new ConfigError(`${name} is not a number of at least 0`);
  }
  return value;
}
