import type { Dialect } from './dialects/dialect.js';
import { ConfigError } from './errors.js';
import { checkHeaderValue } from './http/headers.js';
import { createEchoScrub, createScrub, type Scrub } from './http/redact.js';

/** A secret, or where to get it. A function is asked before every try, so that a token may be renewed. */
export type Secret = string | (() => string | Promise<string>);

/** What a request carries, and what must be blanked for it. Nothing here shows a secret by accident. */
export interface CredentialSource {
  /** As the last `refresh()` found them. */
  headers(): Record<string, string>;
  /**
   * Asks the functions among the secrets.
   *
   * @throws {ConfigError} what they gave cannot be sent, or they threw
   */
  refresh(): Promise<void>;
  /** Blanks every secret that was seen so far. */
  readonly scrub: Scrub;
  /** The same for answers that are parsed: see `createEchoScrub`. */
  readonly scrubEcho: Scrub;
}

interface Identity {
  readonly apiKey: Secret;
  readonly accessToken: Secret;
  readonly organization: string | undefined;
  readonly project: string | undefined;
}

/**
 * @param otherSecrets to be blanked as well, for example those of a proxy
 * @throws {ConfigError}
 */
export function openCredentials(
  dialect: Dialect,
  identity: Identity,
  otherSecrets: readonly string[] = [],
): CredentialSource {
  const { organization, project } = identity;
  const current = {
    apiKey: initial('apiKey', identity.apiKey),
    accessToken: initial('accessToken', identity.accessToken),
  };
  if (dialect.needsKey && identity.apiKey === '' && identity.accessToken === '') {
    throw new ConfigError('apiKey is missing');
  }
  if (organization !== undefined) checkHeaderValue('organization', organization);
  if (project !== undefined) checkHeaderValue('project', project);
  const seen = new Set([current.apiKey, current.accessToken, ...otherSecrets]);
  let scrub = createScrub([...seen]);

  const renew = async (name: keyof typeof current) => {
    const secret = identity[name];
    if (typeof secret !== 'function') return;
    let value: unknown;
    try {
      value = await secret();
    } catch (cause) {
      throw new ConfigError(`the function given as ${name} failed`, { cause });
    }
    if (typeof value !== 'string' || value === '') throw new ConfigError(`the function given as ${name} gave no text`);
    checkHeaderValue(name, value);
    current[name] = value;
    if (seen.has(value)) return;
    seen.add(value);
    scrub = createScrub([...seen]);
  };
  return {
    headers: () => dialect.credentialHeaders({ ...current, organization, project }),
    async refresh() {
      await renew('apiKey');
      await renew('accessToken');
    },
    scrub: (text) => scrub(text),
    scrubEcho: (text) => createEchoScrub(current.accessToken)(createEchoScrub(current.apiKey)(text)),
  };
}

function initial(name: string, secret: unknown): string {
  if (typeof secret === 'function') return '';
  if (typeof secret !== 'string') throw new ConfigError(`${name} is neither a string nor a function`);
  checkHeaderValue(name, secret);
  return secret;
}
