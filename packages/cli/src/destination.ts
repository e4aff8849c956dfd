import { basename } from 'node:path';
import type { DialectName } from '@tunegate/uploader';
import { usageError } from './command-error.js';
import type { FlagValues } from './flags.js';
import type { Environment } from './output.js';
import { didYouMean } from './suggestion.js';

/** A target that files can be sent to. */
export type UploadTarget = 'openai' | 'azure' | 'together' | 'mistral' | 'nebius' | 'compatible';

/** Where a file is sent, and as whom. */
export interface Destination {
  readonly target: UploadTarget;
  readonly dialect: DialectName;
  readonly baseURL: string;
  /** Name and port of the host: all that is said of the address. */
  readonly host: string;
  /** Never printed. Absent where there is an access token. */
  readonly apiKey?: string;
  /** A bearer token in place of the key; never printed. */
  readonly accessToken?: string;
  /** The environment variable that the key or the token came from. */
  readonly keyName: string;
  /** Of Azure's older API. */
  readonly apiVersion?: string;
  readonly organization?: string;
  readonly project?: string;
  /** Largest request body in bytes. */
  readonly maxBytes: number;
  /** Largest file in bytes, where it can go in parts; otherwise as `maxBytes`. */
  readonly maxBytesInParts: number;
  /** A new file is of no use before it is processed, so that it is waited for unless somebody says otherwise. */
  readonly waits: boolean;
}

interface Provider {
  readonly dialect: DialectName;
  /** Absent where only the user can know. */
  readonly baseURL?: string;
  /** The environment variable with an address of the user's own. */
  readonly baseName?: string;
  readonly keyName: string;
  /** The environment variable with a token that is as good as the key. */
  readonly tokenName?: string;
  readonly versionName?: string;
  /** Where the provider lives: no other target's key goes there. */
  readonly home?: RegExp;
  readonly maxBytes: number;
  /** Absent where the limit is that of one request, or none is known. */
  readonly maxBytesInParts?: number;
  readonly waits?: true;
}

/** "512 MB", read as binary: see `DEFAULTS.maxBytes` of the uploader. */
const HALF_GIB = 512 * 1024 * 1024;

/** "8 GB", read as binary: see `MAX_BYTES_IN_PARTS` of the uploader. */
const EIGHT_GIB = 8 * 1024 * 1024 * 1024;

/** Addresses and limits: docs/targets says where each comes from. */
const PROVIDERS: Readonly<Record<UploadTarget, Provider>> = {
  openai: {
    dialect: 'openai',
    baseURL: 'https://api.openai.com/v1',
    baseName: 'OPENAI_BASE_URL',
    keyName: 'OPENAI_API_KEY',
    home: /(?:^|\.)openai\.com$/,
    maxBytes: HALF_GIB,
    maxBytesInParts: EIGHT_GIB,
  },
  azure: {
    dialect: 'azure',
    baseName: 'AZURE_OPENAI_ENDPOINT',
    keyName: 'AZURE_OPENAI_API_KEY',
    tokenName: 'AZURE_OPENAI_AD_TOKEN',
    versionName: 'AZURE_OPENAI_API_VERSION',
    home: /\.azure\.com$/,
    maxBytes: HALF_GIB,
    maxBytesInParts: EIGHT_GIB,
    waits: true,
  },
  together: {
    dialect: 'together',
    baseURL: 'https://api.together.xyz/v1',
    keyName: 'TOGETHER_API_KEY',
    home: /(?:^|\.)together\.(?:xyz|ai)$/,
    // What its store takes in one request; more needs parts.
    maxBytes: 5_000_000_000,
  },
  mistral: {
    dialect: 'mistral',
    baseURL: 'https://api.mistral.ai/v1',
    keyName: 'MISTRAL_API_KEY',
    home: /(?:^|\.)mistral\.ai$/,
    maxBytes: HALF_GIB,
  },
  nebius: {
    dialect: 'openai',
    baseURL: 'https://api.tokenfactory.nebius.com/v1',
    keyName: 'NEBIUS_API_KEY',
    home: /(?:^|\.)nebius\.(?:com|ai)$/,
    maxBytes: 5_000_000_000,
  },
  compatible: {
    dialect: 'generic',
    baseName: 'OPENAI_BASE_URL',
    keyName: 'OPENAI_API_KEY',
    // A compatible endpoint states its own limit, if it has one, by 413.
    maxBytes: Number.MAX_SAFE_INTEGER,
  },
};

/**
 * The address and the key, from flags and environment. A key goes to its own provider, or to an address that the user
 * gave, and to no other target's default.
 *
 * @throws CommandError with exit code 2
 */
export function destination(flags: Pick<FlagValues, 'target' | 'base-url'>, env: Environment): Destination {
  const target = targetNamed(flags.target ?? 'openai');
  const { dialect, baseName, keyName, tokenName, versionName, home, maxBytes, waits, ...provider } = PROVIDERS[target];
  const set = (name: string | undefined) => (name === undefined ? undefined : env[name]?.trim() || undefined);

  const given = flags['base-url'] ?? set(baseName);
  const baseURL = given ?? provider.baseURL;
  if (baseURL === undefined) {
    const help =
      target === 'azure'
        ? `set ${baseName} to the endpoint of the resource, https://NAME.openai.azure.com, or give --base-url URL`
        : `give --base-url URL, or set ${baseName}`;
    throw usageError(`--target ${target} needs an address`, help);
  }
  if (!URL.canParse(baseURL)) {
    throw usageError(
      `${flags['base-url'] === undefined ? baseName : '--base-url'} is not a URL`,
      `it begins with https://${target === 'azure' ? '' : ' and usually ends in /v1'}`,
    );
  }
  const { host, hostname } = new URL(baseURL);
  refuseOtherHome(target, hostname, home, keyName);

  const apiKey = set(keyName);
  const accessToken = apiKey === undefined ? set(tokenName) : undefined;
  if (apiKey === undefined && accessToken === undefined) {
    throw usageError(`no API key: ${keyName} is not set`, keyAdvice(target, keyName, tokenName, given));
  }
  const apiVersion = set(versionName);
  const isIdentified = keyName === 'OPENAI_API_KEY';
  return {
    target,
    dialect,
    baseURL,
    host,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(accessToken === undefined ? {} : { accessToken }),
    keyName: apiKey === undefined ? (tokenName ?? keyName) : keyName,
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(isIdentified && env.OPENAI_ORG_ID ? { organization: env.OPENAI_ORG_ID } : {}),
    ...(isIdentified && env.OPENAI_PROJECT_ID ? { project: env.OPENAI_PROJECT_ID } : {}),
    maxBytes,
    maxBytesInParts: provider.maxBytesInParts ?? maxBytes,
    waits: waits === true,
  };
}

function targetNamed(name: string): UploadTarget {
  if (Object.hasOwn(PROVIDERS, name)) return name as UploadTarget;
  if (name === 'fireworks') {
    // Source: Fireworks' guide "Fine-tuning via API" and its firectl reference.
    throw usageError(
      "Fireworks takes datasets through its own tool, firectl, not through OpenAI's Files API",
      'check it with tunegate check FILE --target fireworks, then: firectl dataset create NAME FILE (firectl create dataset in older versions)',
    );
  }
  throw usageError(
    `there is no target "${name}"`,
    didYouMean(name, [...Object.keys(PROVIDERS), 'fireworks'], '--target ') ??
      `files go to ${Object.keys(PROVIDERS).join(', ')}`,
  );
}

/** OPENAI_API_KEY goes wherever the user points it, as many gateways want it; every other key only to its own provider. */
function refuseOtherHome(target: UploadTarget, hostname: string, home: RegExp | undefined, keyName: string): void {
  if (keyName === 'OPENAI_API_KEY' || home?.test(hostname)) return;
  const other = Object.entries(PROVIDERS).find(([name, it]) => name !== target && it.home?.test(hostname));
  if (other === undefined) return;
  throw usageError(`${keyName} is not sent to ${hostname}`, `that is where --target ${other[0]} lives`);
}

function keyAdvice(target: string, keyName: string, tokenName: string | undefined, given: string | undefined): string {
  if (tokenName !== undefined) return `export ${keyName}, or ${tokenName} with a token of Entra ID, and run this again`;
  if (given === undefined) return `export ${keyName} and run this again`;
  return target === 'openai' || target === 'compatible'
    ? 'a server that wants no key takes any value'
    : `export ${keyName} and run this again; a server that wants no key takes any value`;
}

/** Whether the file goes to OpenAI itself. */
export function isOpenAI({ host }: Pick<Destination, 'host'>): boolean {
  return host === 'api.openai.com';
}

/**
 * The name under which a file is sent, or a template for it: the providers know a fine-tuning file by `.jsonl`.
 *
 * @param given what `--name` says
 * @throws CommandError for a name that the target would refuse
 */
export function uploadName(path: string, target: UploadTarget, given?: string): string {
  const name = given ?? basename(path);
  if (target === 'compatible' || name.endsWith('.jsonl')) return name;
  if (given === undefined && name.endsWith('.ndjson')) return `${name.slice(0, -'.ndjson'.length)}.jsonl`;
  throw given === undefined
    ? usageError(
        `not uploaded: the name of ${path} does not end in .jsonl`,
        'rename the file, or give --name NAME.jsonl',
      )
    : usageError(`not uploaded: --name ${given} does not end in .jsonl`);
}
